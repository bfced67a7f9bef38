// SPDX-License-Identifier: Apache-2.0
// Files made to hurt: every one must end in a result or a failure with a reason, quickly and in bounded memory.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <random>

#include "service/base/failure.h"
#include "tests/support/dicom_fixture.h"
#include "tests/unit/dicom/support/analysis_samples.h"

namespace cxr {
namespace {

using test::DicomFixture;
using test::Syntax;

/// Reads, decodes and answers as the service would; returns the first failure.
absl::Status Process(const RadiographReader& reader, const std::string& file) {
  absl::StatusOr<std::unique_ptr<Radiograph>> radiograph = reader.Read(file);
  if (!radiograph.ok()) return radiograph.status();
  const absl::StatusOr<DicomObject> report =
      (*radiograph)->Write(ObjectKind::kStructuredReport, {test::AnalysisOf(0.7, 0.2)});
  if (!report.ok()) return report.status();
  return (*radiograph)->DisplayImage().status();
}

void ExpectReason(const absl::Status& status) {
  if (status.ok()) return;
  const absl::optional<FailureReason> reason = FailureReasonOf(status);
  ASSERT_TRUE(reason.has_value()) << status;
  EXPECT_NE(*reason, FailureReason::kInternal) << status;
}

long PeakMegabytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss / 1024;
}

std::string Explicit(std::uint16_t group, std::uint16_t element, const std::string& vr, const std::string& value) {
  std::string bytes;
  const auto put = [&](std::uint32_t number, int count) {
    for (int i = 0; i < count; ++i) bytes.push_back(static_cast<char>(number >> (8 * i)));
  };
  put(group, 2);
  put(element, 2);
  bytes += vr;
  if (vr == "SQ" || vr == "OB" || vr == "UT" || vr == "UN") {
    put(0, 2);
    put(static_cast<std::uint32_t>(value.size()), 4);
  } else {
    put(static_cast<std::uint32_t>(value.size()), 2);
  }
  return bytes + value;
}

/// A data set that begins as one does and goes on with `rest`.
std::string Begin(const std::string& rest) {
  return Explicit(0x0008, 0x0005, "CS", "ISO_IR 100") + rest;
}

const std::vector<Syntax>& Syntaxes() {
  static const std::vector<Syntax> kAll = {
      Syntax::kImplicitLittle, Syntax::kExplicitLittle, Syntax::kExplicitBig, Syntax::kDeflated, Syntax::kRle,
      Syntax::kJpegBaseline,   Syntax::kJpegLossless,   Syntax::kJpegLs,      Syntax::kJpeg2000};
  return kAll;
}

std::string FileOf(Syntax syntax) {
  DicomFixture fixture = test::FixtureOfImage(test::AsymmetricImage(61, 47), 8, false);
  fixture.syntax = syntax;
  return fixture.Build();
}

TEST(HostileInput, EveryTruncationFailsWithAReason) {
  const std::unique_ptr<RadiographReader> reader = test::Reader();
  for (Syntax syntax : Syntaxes()) {
    const std::string file = FileOf(syntax);
    for (std::size_t fiftieth = 0; fiftieth < 50; ++fiftieth) {
      const absl::Status status = Process(*reader, file.substr(0, file.size() * fiftieth / 50));
      EXPECT_FALSE(status.ok()) << static_cast<int>(syntax) << " at " << fiftieth;
      ExpectReason(status);
    }
  }
}

TEST(HostileInput, ATruncationInsideThePixelsIsCalledOne) {
  const std::unique_ptr<RadiographReader> reader = test::Reader();
  for (Syntax syntax : Syntaxes()) {
    const std::string file = FileOf(syntax);
    const absl::Status status = Process(*reader, file.substr(0, file.size() - 100));
    EXPECT_EQ(FailureReasonOf(status), absl::optional<FailureReason>(FailureReason::kTruncated)) << status;
  }
}

TEST(HostileInput, ACodestreamCutShortInsideAWholeFileIsNotDecoded) {
  for (Syntax syntax :
       {Syntax::kRle, Syntax::kJpegBaseline, Syntax::kJpegLossless, Syntax::kJpegLs, Syntax::kJpeg2000}) {
    const std::string file = FileOf(syntax);
    const std::string item("\xfe\xff\x00\xe0", 4);
    const std::size_t header = file.rfind(item);
    ASSERT_NE(header, std::string::npos);
    const std::size_t half = (file.size() - header - 16) / 4 * 2;
    std::string cut = file.substr(0, header + 4);
    for (int i = 0; i < 4; ++i) cut.push_back(static_cast<char>(half >> (8 * i)));
    cut += file.substr(header + 8, half) + file.substr(file.size() - 8);
    const absl::Status status = Process(*test::Reader(), cut);
    EXPECT_EQ(FailureReasonOf(status), absl::optional<FailureReason>(FailureReason::kUndecodablePixelData))
        << static_cast<int>(syntax) << status;
  }
}

TEST(HostileInput, ATruncationAtEveryByteOfTheHeaderFailsWithAReason) {
  const std::unique_ptr<RadiographReader> reader = test::Reader();
  DicomFixture fixture = test::FixtureOfImage(test::AsymmetricImage(8, 8), 8, false);
  const std::string file = fixture.Build();
  for (std::size_t size = 0; size < file.size(); ++size) {
    const absl::Status status = Process(*reader, file.substr(0, size));
    EXPECT_FALSE(status.ok()) << size;
    ExpectReason(status);
  }
}

TEST(HostileInput, RandomDamageNeverCrashes) {
  const std::unique_ptr<RadiographReader> reader = test::Reader();
  std::mt19937 random(20240607);
  for (Syntax syntax : Syntaxes()) {
    const std::string whole = FileOf(syntax);
    for (int round = 0; round < 150; ++round) {
      std::string file = whole;
      const int flips = 1 + static_cast<int>(random() % 8);
      for (int i = 0; i < flips; ++i) {
        // Half of the damage goes where the header is.
        const std::size_t at = random() % (round % 2 == 0 ? file.size() : std::min<std::size_t>(file.size(), 1200));
        file[at] = static_cast<char>(random());
      }
      ExpectReason(Process(*reader, file));
    }
  }
}

TEST(HostileInput, DeeplyNestedSequencesAreRefused) {
  std::string nested;
  const std::string level("\x08\x00\x40\x11SQ\x00\x00\xff\xff\xff\xff\xfe\xff\x00\xe0\xff\xff\xff\xff", 20);
  for (int i = 0; i < 500000; ++i) nested += level;
  const absl::Status status = Process(*test::Reader(), Begin(nested));
  EXPECT_EQ(FailureReasonOf(status), absl::optional<FailureReason>(FailureReason::kInvalidImageSize)) << status;
}

TEST(HostileInput, AModestNestingIsAccepted) {
  DicomFixture fixture;
  const std::string radiograph = fixture.Build();
  std::string nested;
  for (int i = 0; i < 30; ++i) {
    const std::string item =
        std::string("\xfe\xff\x00\xe0", 4) +
        std::string({static_cast<char>(nested.size()), static_cast<char>(nested.size() >> 8), 0, 0}) + nested;
    nested = Explicit(0x0008, 0x1140, "SQ", item);
  }
  const std::string marker = Explicit(0x0008, 0x103e, "LO", "");
  DicomFixture marked;
  marked.attributes = {{"SeriesDescription", ""}};
  std::string file = marked.Build();
  const std::size_t at = file.find(marker);
  ASSERT_NE(at, std::string::npos);
  file.insert(at + marker.size(), nested);
  EXPECT_TRUE(Process(*test::Reader(), file).ok());
}

TEST(HostileInput, MillionsOfAttributesAreRefused) {
  std::string many;
  for (int i = 0; i < 1000000; ++i) many += Explicit(0x0009, static_cast<std::uint16_t>(0x1000 + i % 0xefff), "CS", "");
  const absl::Status status = Process(*test::Reader(), Begin(many));
  EXPECT_EQ(FailureReasonOf(status), absl::optional<FailureReason>(FailureReason::kInvalidImageSize)) << status;
  EXPECT_LT(PeakMegabytes(), 2000);
}

TEST(HostileInput, MillionsOfEmptyItemsAreRefused) {
  std::string items;
  for (int i = 0; i < 1000000; ++i) items += std::string("\xfe\xff\x00\xe0\x00\x00\x00\x00", 8);
  const absl::Status status = Process(*test::Reader(), Begin(Explicit(0x0008, 0x1140, "SQ", items)));
  EXPECT_EQ(FailureReasonOf(status), absl::optional<FailureReason>(FailureReason::kInvalidImageSize)) << status;
}

TEST(HostileInput, AGiantLengthIsATruncation) {
  const std::string giant("\x08\x00\x3e\x10UT\x00\x00\xf0\xff\xff\xff", 12);
  const absl::Status status = Process(*test::Reader(), Begin(giant + "abc"));
  EXPECT_EQ(FailureReasonOf(status), absl::optional<FailureReason>(FailureReason::kTruncated)) << status;
  EXPECT_LT(PeakMegabytes(), 2000);
}

TEST(HostileInput, ADecompressionBombIsRefused) {
  DicomFixture bomb;
  bomb.syntax = Syntax::kDeflated;
  bomb.rows = 3000;
  bomb.columns = 4000;
  bomb.pixels.assign(12000000, 0);  // 24 MB that deflate to 24 kB
  const std::string file = bomb.Build();
  ASSERT_LT(file.size(), 100000u);
  DicomSettings settings = test::FixedSettings();
  settings.limits.max_inflated_bytes = 1 << 20;
  const absl::Status status = Process(*test::Reader(settings), file);
  EXPECT_EQ(FailureReasonOf(status), absl::optional<FailureReason>(FailureReason::kInvalidImageSize)) << status;
  EXPECT_TRUE(Process(*test::Reader(), file).ok());
}

TEST(HostileInput, ACodestreamLargerThanItsHeaderSaysIsNotDecoded) {
  for (Syntax syntax :
       {Syntax::kRle, Syntax::kJpegBaseline, Syntax::kJpegLossless, Syntax::kJpegLs, Syntax::kJpeg2000}) {
    DicomFixture fixture = test::FixtureOfImage(test::AsymmetricImage(64, 64), 8, false);
    fixture.syntax = syntax;
    fixture.attributes = {{"Rows", "16000"}, {"Columns", "6000"}};
    const absl::Status status = Process(*test::Reader(), fixture.Build());
    EXPECT_EQ(FailureReasonOf(status), absl::optional<FailureReason>(FailureReason::kUndecodablePixelData)) << status;
    fixture.attributes = {{"Rows", "8"}, {"Columns", "8"}};
    const absl::Status smaller = Process(*test::Reader(), fixture.Build());
    if (syntax != Syntax::kRle) {  // whose header states no size
      EXPECT_EQ(FailureReasonOf(smaller), absl::optional<FailureReason>(FailureReason::kUndecodablePixelData))
          << smaller;
    }
  }
}

TEST(HostileInput, ALyingRleHeaderIsRefused) {
  DicomFixture fixture = test::FixtureOfImage(test::AsymmetricImage(64, 64), 8, false);
  fixture.syntax = Syntax::kRle;
  const std::string whole = fixture.Build();
  const std::string header("\x01\x00\x00\x00\x40\x00\x00\x00", 8);
  const std::size_t at = whole.find(header);
  ASSERT_NE(at, std::string::npos);
  for (const char* lie : {"\x0f", "\x00", "\xff"}) {
    std::string file = whole;
    file[at] = lie[0];
    EXPECT_FALSE(Process(*test::Reader(), file).ok());
    file = whole;
    file[at + 5] = '\x7f';  // the segment begins behind the end
    EXPECT_FALSE(Process(*test::Reader(), file).ok());
  }
}

}  // namespace
}  // namespace cxr
