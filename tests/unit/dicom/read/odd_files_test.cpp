// SPDX-License-Identifier: Apache-2.0
// Files that are written otherwise than they say, and that other readers read: so does this one.
#include <gtest/gtest.h>

#include "service/base/failure.h"
#include "tests/support/dicom_fixture.h"
#include "tests/unit/dicom/support/analysis_samples.h"

namespace cxr {
namespace {

using test::DicomFixture;
using test::Syntax;

std::string LittleBytes(std::size_t value, int count) {
  std::string bytes;
  for (int i = 0; i < count; ++i) bytes.push_back(static_cast<char>(value >> (8 * i)));
  return bytes;
}

std::size_t Number(const std::string& bytes, std::size_t at, int count) {
  std::size_t value = 0;
  for (int i = count; i-- > 0;) value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
  return value;
}

/// An explicit little endian file with the VR of an attribute of the short form replaced by UN.
std::string WithUnknownVr(std::string file, unsigned group, unsigned element, const std::string& vr) {
  const std::size_t at = file.find(LittleBytes(group, 2) + LittleBytes(element, 2) + vr);
  EXPECT_NE(at, std::string::npos) << vr;
  const std::size_t length = Number(file, at + 6, 2);
  return file.replace(at + 4, 4, "UN" + LittleBytes(0, 2) + LittleBytes(length, 4));
}

struct Shown {
  RadiographFacts facts;
  std::vector<std::uint8_t> pixels;
};

Shown Show(const std::string& file) {
  absl::StatusOr<std::unique_ptr<Radiograph>> radiograph = test::Reader()->Read(file);
  EXPECT_TRUE(radiograph.ok()) << radiograph.status();
  if (!radiograph.ok()) return {};
  const absl::StatusOr<GrayImage> image = (*radiograph)->DisplayImage();
  EXPECT_TRUE(image.ok()) << image.status();
  return {(*radiograph)->facts(), image.ok() ? image->pixels : std::vector<std::uint8_t>()};
}

TEST(OddFiles, KnownAttributesOfUnknownVrAreReadByTheDictionary) {
  DicomFixture fixture;
  fixture.window = {1000, 500};
  const std::string plain = fixture.Build();
  std::string file = plain;
  file = WithUnknownVr(file, 0x0008, 0x0060, "CS");
  file = WithUnknownVr(file, 0x0010, 0x0020, "LO");
  file = WithUnknownVr(file, 0x0010, 0x1010, "AS");
  file = WithUnknownVr(file, 0x0020, 0x000d, "UI");
  file = WithUnknownVr(file, 0x0028, 0x0010, "US");
  file = WithUnknownVr(file, 0x0028, 0x1050, "DS");
  file = WithUnknownVr(file, 0x0028, 0x1051, "DS");
  const Shown shown = Show(file);
  EXPECT_EQ(shown.facts.modality, "CR");
  EXPECT_EQ(shown.facts.identity.study_instance_uid, "2.25.1001");
  EXPECT_EQ(shown.facts.age_years, absl::optional<double>(3));
  EXPECT_EQ(shown.facts.rows, 60);
  EXPECT_EQ(shown.pixels, Show(plain).pixels);
  absl::StatusOr<std::unique_ptr<Radiograph>> radiograph = test::Reader()->Read(file);
  const absl::StatusOr<DicomObject> report =
      (*radiograph)->Write(ObjectKind::kStructuredReport, {test::AnalysisOf(0.7, 0.2)});
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_NE(report->content.find(std::string("LO\x04\x00"
                                             "FIX1",
                                             8)),
            std::string::npos);
}

TEST(OddFiles, ASequenceOfUnknownVrIsReadByTheDictionary) {
  DicomFixture fixture;
  fixture.attributes = {{"ViewPosition", ""}};
  // (0054,0220) in implicit VR, as one that does not know it would carry it along.
  const std::string code = LittleBytes(0x0008, 2) + LittleBytes(0x0100, 2) + LittleBytes(10, 4) + "399067008 ";
  const std::string item = "\xfe\xff" + std::string("\x00\xe0", 2) + LittleBytes(code.size(), 4) + code;
  std::string file = fixture.Build();
  const std::size_t pixels = file.find(std::string("\xe0\x7f\x10\x00", 4));
  file.insert(pixels, LittleBytes(0x0054, 2) + LittleBytes(0x0220, 2) + "UN" + LittleBytes(0, 2) +
                          LittleBytes(item.size(), 4) + item);
  EXPECT_EQ(Show(file).facts.frontal_view, absl::optional<bool>(false));
}

TEST(OddFiles, AWrongLengthOfTheMetaHeaderDoesNotMatter) {
  constexpr std::size_t kGroupLength = 140;  // preamble, DICM, tag, VR and length of (0002,0000)
  const std::string plain = DicomFixture{}.Build();
  const std::size_t stated = Number(plain, kGroupLength, 4);
  for (const std::size_t wrong :
       {std::size_t{0}, std::size_t{8}, stated - 4, stated + 4, stated + 100, std::size_t{1} << 20}) {
    std::string file = plain;
    file.replace(kGroupLength, 4, LittleBytes(wrong, 4));
    EXPECT_EQ(Show(file).pixels, Show(plain).pixels) << wrong;
  }
}

TEST(OddFiles, AreReadAsTheyAreWrittenWhateverTheMetaHeaderSays) {
  const std::string implicit_uid("1.2.840.10008.1.2\0", 18);
  const std::string explicit_uid("1.2.840.10008.1.2.1\0", 20);
  const std::string big_uid("1.2.840.10008.1.2.2\0", 20);
  const std::string tag("\x02\x00\x10\x00UI", 6);
  const Shown plain = Show(DicomFixture{}.Build());
  const auto renamed = [&](Syntax syntax, const std::string& uid) {
    DicomFixture fixture;
    fixture.syntax = syntax;
    std::string file = fixture.Build();
    const std::size_t at = file.find(tag) + 6;
    return file.replace(at, 2 + Number(file, at, 2), LittleBytes(uid.size(), 2) + uid);
  };
  EXPECT_EQ(Show(renamed(Syntax::kExplicitLittle, implicit_uid)).pixels, plain.pixels);
  EXPECT_EQ(Show(renamed(Syntax::kImplicitLittle, explicit_uid)).pixels, plain.pixels);
  EXPECT_EQ(Show(renamed(Syntax::kExplicitBig, explicit_uid)).pixels, plain.pixels);
  EXPECT_EQ(Show(renamed(Syntax::kExplicitLittle, big_uid)).pixels, plain.pixels);
}

TEST(OddFiles, AMissingDelimiterBehindWholeFragmentsDoesNotMatter) {
  DicomFixture fixture;
  fixture.syntax = Syntax::kJpegLossless;
  const std::string plain = fixture.Build();
  for (const std::size_t cut : {8u, 7u, 4u, 2u})
    EXPECT_EQ(Show(plain.substr(0, plain.size() - cut)).pixels, Show(plain).pixels) << cut;
}

TEST(OddFiles, FragmentsThatAreMissingOrDamagedAreNamedTruly) {
  DicomFixture fixture;
  fixture.syntax = Syntax::kJpegLossless;
  const std::string plain = fixture.Build();
  const std::string cut = plain.substr(0, plain.size() - 10);
  const absl::Status short_one = test::Reader()->Read(cut).status();
  EXPECT_EQ(FailureReasonOf(short_one), absl::optional<FailureReason>(FailureReason::kTruncated));
  EXPECT_NE(short_one.message().find("in the middle of a fragment"), absl::string_view::npos) << short_one;
  std::string damaged = plain;
  damaged[plain.size() - 8] = '\x11';
  const absl::Status other = test::Reader()->Read(damaged).status();
  EXPECT_EQ(FailureReasonOf(other), absl::optional<FailureReason>(FailureReason::kUndecodablePixelData));
  EXPECT_NE(other.message().find("(FF11,E0DD) stands at its byte"), absl::string_view::npos) << other;
}

}  // namespace
}  // namespace cxr
