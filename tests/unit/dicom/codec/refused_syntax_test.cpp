// SPDX-License-Identifier: Apache-2.0
// Transfer syntaxes that are not read are refused by name, whatever the file holds, and hostile codestreams by time.
#include <gtest/gtest.h>

#include <algorithm>
#include <ctime>
#include <random>

#include "service/base/failure.h"
#include "tests/support/dicom_fixture.h"
#include "tests/unit/dicom/support/analysis_samples.h"

namespace cxr {
namespace {

using test::DicomFixture;
using test::Syntax;

void PutLittle(std::string& bytes, std::size_t at, std::size_t value, int count) {
  for (int i = 0; i < count; ++i) bytes[at + i] = static_cast<char>(value >> (8 * i));
}

/// The file with another transfer syntax in its meta header, whose length is mended.
std::string Renamed(std::string file, std::string uid) {
  if (uid.size() % 2 != 0) uid.push_back('\0');
  const std::size_t tag = file.find(std::string("\x02\x00\x10\x00UI", 6));
  const auto old_length = static_cast<std::size_t>(static_cast<unsigned char>(file[tag + 6]));
  file.replace(tag + 8, old_length, uid);
  PutLittle(file, tag + 6, uid.size(), 2);
  constexpr std::size_t kGroupLength = 140;  // preamble, DICM, tag, VR and length of (0002,0000)
  const auto group = static_cast<std::size_t>(static_cast<unsigned char>(file[kGroupLength]));
  PutLittle(file, kGroupLength, group + uid.size() - old_length, 2);
  return file;
}

absl::Status Outcome(const std::string& file) {
  absl::StatusOr<std::unique_ptr<Radiograph>> radiograph = test::Reader()->Read(file);
  return radiograph.ok() ? (*radiograph)->DisplayImage().status() : radiograph.status();
}

class Refused : public ::testing::TestWithParam<const char*> {};

void ExpectRefusal(const std::string& file, const std::string& uid) {
  const absl::Status status = Outcome(Renamed(file, uid));
  EXPECT_EQ(FailureReasonOf(status), absl::optional<FailureReason>(FailureReason::kUnsupportedTransferSyntax))
      << status;
  EXPECT_NE(std::string(status.message()).find(uid), std::string::npos) << status;
}

TEST_P(Refused, IsNamedWithItsUid) {
  DicomFixture fixture;
  fixture.syntax = Syntax::kJpegLossless;
  ExpectRefusal(fixture.Build(), GetParam());
}

TEST(RefusedJpip, IsNamedThoughItHoldsNoPixels) {
  DicomFixture fixture;
  fixture.pixel_data = false;
  fixture.attributes = {{"PixelDataProviderURL", "https://example.org/pixels"}};
  for (const char* last : {"94", "95", "204", "205"}) {
    ExpectRefusal(fixture.Build(), std::string("1.2.840.10008.1.2.4.") + last);
  }
}

INSTANTIATE_TEST_SUITE_P(All, Refused,
                         ::testing::Values("1.2.840.10008.1.2.4.53",   // JPEG spectral selection
                                           "1.2.840.10008.1.2.4.55",   // JPEG full progression
                                           "1.2.840.10008.1.2.4.92",   // JPEG 2000 part 2, lossless
                                           "1.2.840.10008.1.2.4.93",   // JPEG 2000 part 2
                                           "1.2.840.10008.1.2.4.94",   // JPIP referenced
                                           "1.2.840.10008.1.2.4.95",   // JPIP referenced, deflated
                                           "1.2.840.10008.1.2.4.100",  // MPEG-2 main profile, main level
                                           "1.2.840.10008.1.2.4.101",  // MPEG-2 main profile, high level
                                           "1.2.840.10008.1.2.4.102",  // MPEG-4 AVC
                                           "1.2.840.10008.1.2.4.107",  // HEVC
                                           "1.2.840.10008.1.2.4.110",  // JPEG XL lossless
                                           "1.2.840.10008.1.2.4.201",  // HTJ2K lossless
                                           "1.2.840.10008.1.2.4.202",  // HTJ2K lossless, RPCL
                                           "1.2.840.10008.1.2.4.203",  // HTJ2K
                                           "1.2.840.10008.1.2.4.204",  // JPIP HTJ2K referenced
                                           "1.2.840.10008.1.2.4.205",  // JPIP HTJ2K referenced, deflated
                                           "1.2.840.10008.1.2.7.1",    // SMPTE ST 2110
                                           "1.2.840.10008.1.2.8.1"),   // deflated image frame
                         [](const auto& instance) {
                           std::string name = instance.param;
                           std::replace(name.begin(), name.end(), '.', '_');
                           return name;
                         });

double ProcessorSeconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

class Damaged : public ::testing::TestWithParam<Syntax> {};

// CharLS takes eight seconds for three in ten thousand of such files of two kilobytes.
TEST_P(Damaged, CodestreamsEndSoon) {
  const std::unique_ptr<RadiographReader> reader = test::Reader();
  for (const int bits : {8, 12}) {
    if (bits == 12 && GetParam() == Syntax::kJpegBaseline) continue;
    DicomFixture fixture = test::FixtureOfImage(test::AsymmetricImage(48, 48), bits, false);
    fixture.syntax = GetParam();
    std::mt19937 random(7);
    for (std::int32_t& value : fixture.pixels) value = std::min<int>((1 << bits) - 1, value + random() % 8);
    const std::string whole = fixture.Build();
    const std::size_t begin = whole.rfind(std::string("\xfe\xff\x00\xe0", 4)) + 8;
    for (int round = 0; round < 1500; ++round) {
      std::string file = whole;
      for (unsigned i = 0; i < 1 + random() % 8; ++i) file[begin + random() % (file.size() - begin)] = char(random());
      const double before = ProcessorSeconds();
      absl::StatusOr<std::unique_ptr<Radiograph>> radiograph = reader->Read(file);
      if (radiograph.ok()) (void)(*radiograph)->DisplayImage();
      ASSERT_LT(ProcessorSeconds() - before, 1) << bits << " bits, round " << round;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(All, Damaged,
                         ::testing::Values(Syntax::kRle, Syntax::kJpegBaseline, Syntax::kJpegLossless, Syntax::kJpegLs,
                                           Syntax::kJpeg2000));

TEST(DamagedJpegLs, ARunOverTheWholeLargestRadiographEndsSoon) {
  DicomFixture fixture = test::FixtureOfImage(test::AsymmetricImage(48, 48), 12, false);
  fixture.syntax = Syntax::kJpegLs;
  fixture.attributes = {{"Rows", "6000"}, {"Columns", "6000"}};
  std::string file = fixture.Build();
  const std::size_t frame = file.find("\xff\xf7", file.rfind(std::string("\xfe\xff\x00\xe0", 4)));
  ASSERT_NE(frame, std::string::npos);
  file.replace(frame + 5, 4, std::string("\x17\x70\x17\x70", 4));
  const double before = ProcessorSeconds();
  EXPECT_EQ(FailureReasonOf(Outcome(file)), absl::optional<FailureReason>(FailureReason::kUndecodablePixelData));
  EXPECT_LT(ProcessorSeconds() - before, 5);
}

}  // namespace
}  // namespace cxr
