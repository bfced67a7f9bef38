// SPDX-License-Identifier: Apache-2.0
#include "service/dicom/dicom_reader.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "service/base/failure.h"
#include "tests/support/dicom_fixture.h"
#include "tests/unit/dicom/support/analysis_samples.h"

namespace cxr {
namespace {

using test::AsymmetricImage;
using test::DicomFixture;
using test::FixtureOfImage;
using test::Syntax;

absl::StatusOr<GrayImage> Decode(const std::string& file) {
  absl::StatusOr<std::unique_ptr<Radiograph>> radiograph = test::Reader()->Read(file);
  if (!radiograph.ok()) return radiograph.status();
  return (*radiograph)->DisplayImage();
}

int LargestDifference(const GrayImage& a, const GrayImage& b) {
  EXPECT_EQ(a.pixels.size(), b.pixels.size());
  int largest = a.pixels.size() == b.pixels.size() ? 0 : 255;
  for (std::size_t i = 0; i < a.pixels.size() && i < b.pixels.size(); ++i) {
    largest = std::max(largest, std::abs(int{a.pixels[i]} - int{b.pixels[i]}));
  }
  return largest;
}

void ExpectFailure(const std::string& file, FailureReason reason) {
  const absl::StatusOr<std::unique_ptr<Radiograph>> radiograph = test::Reader()->Read(file);
  ASSERT_FALSE(radiograph.ok());
  EXPECT_EQ(FailureReasonOf(radiograph.status()), absl::optional<FailureReason>(reason)) << radiograph.status();
}

struct Wrapping {
  Syntax syntax;
  int bits;
  bool monochrome1;
  int tolerance;  ///< grey levels
};

class DicomReaderSyntax : public ::testing::TestWithParam<Wrapping> {};

// MONOCHROME1 too must come out as it was drawn, whoever decodes: other readers of GDCM invert it on their own.
TEST_P(DicomReaderSyntax, ShowsAWrappedImageAsItIs) {
  const GrayImage drawn = AsymmetricImage(61, 47);
  DicomFixture fixture = FixtureOfImage(drawn, GetParam().bits, GetParam().monochrome1);
  fixture.syntax = GetParam().syntax;
  const absl::StatusOr<GrayImage> image = Decode(fixture.Build());
  ASSERT_TRUE(image.ok()) << image.status();
  EXPECT_EQ(image->rows, 61);
  EXPECT_EQ(image->columns, 47);
  EXPECT_LE(LargestDifference(*image, drawn), GetParam().tolerance);
}

INSTANTIATE_TEST_SUITE_P(
    All, DicomReaderSyntax,
    ::testing::Values(Wrapping{Syntax::kImplicitLittle, 8, false, 1}, Wrapping{Syntax::kImplicitLittle, 16, true, 1},
                      Wrapping{Syntax::kExplicitLittle, 8, true, 1}, Wrapping{Syntax::kExplicitLittle, 12, false, 1},
                      Wrapping{Syntax::kExplicitLittle, 12, true, 1}, Wrapping{Syntax::kExplicitLittle, 16, false, 1},
                      Wrapping{Syntax::kExplicitBig, 8, false, 1}, Wrapping{Syntax::kExplicitBig, 12, true, 1},
                      Wrapping{Syntax::kDeflated, 8, false, 1}, Wrapping{Syntax::kDeflated, 12, true, 1},
                      Wrapping{Syntax::kRle, 8, false, 1}, Wrapping{Syntax::kRle, 12, true, 1},
                      Wrapping{Syntax::kJpegBaseline, 8, false, 4}, Wrapping{Syntax::kJpegBaseline, 8, true, 4},
                      Wrapping{Syntax::kJpegExtended, 12, true, 4}, Wrapping{Syntax::kJpegLossless, 8, true, 1},
                      Wrapping{Syntax::kJpegLossless, 12, false, 1}, Wrapping{Syntax::kJpegLossless, 16, true, 1},
                      Wrapping{Syntax::kJpegLs, 8, false, 1}, Wrapping{Syntax::kJpegLs, 12, true, 1},
                      Wrapping{Syntax::kJpegLs, 16, false, 1}, Wrapping{Syntax::kJpeg2000, 8, true, 1},
                      Wrapping{Syntax::kJpeg2000, 12, false, 1}, Wrapping{Syntax::kJpeg2000, 16, true, 1}));

TEST(DicomReader, ReadsFilesWithoutPreambleOrMetaHeader) {
  const GrayImage drawn = AsymmetricImage(40, 30);
  for (Syntax syntax : {Syntax::kImplicitLittle, Syntax::kExplicitLittle, Syntax::kExplicitBig}) {
    DicomFixture fixture = FixtureOfImage(drawn, 12, false);
    fixture.syntax = syntax;
    fixture.meta_header = false;
    const absl::StatusOr<GrayImage> image = Decode(fixture.Build());
    ASSERT_TRUE(image.ok()) << static_cast<int>(syntax) << image.status();
    EXPECT_LE(LargestDifference(*image, drawn), 1);
  }
  DicomFixture fixture = FixtureOfImage(drawn, 12, false);
  fixture.preamble = false;
  EXPECT_TRUE(Decode(fixture.Build()).ok());
}

TEST(DicomReader, RefusesWhatIsNotDicom) {
  ExpectFailure("", FailureReason::kNotDicom);
  ExpectFailure("\x89PNG\r\n\x1a\n and then some more bytes than a tag needs", FailureReason::kNotDicom);
  ExpectFailure(std::string(5000, '\0'), FailureReason::kNotDicom);
  ExpectFailure(std::string(128, '\0') + "DICM", FailureReason::kNotDicom);
}

TEST(DicomReader, RefusesImagesWithoutPixelData) {
  DicomFixture fixture;
  fixture.pixel_data = false;
  ExpectFailure(fixture.Build(), FailureReason::kNoPixelData);
}

TEST(DicomReader, RefusesMissingAndInvalidUids) {
  for (const char* name : {"StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID"}) {
    DicomFixture missing;
    missing.meta_header = false;
    missing.remove = {name};
    ExpectFailure(missing.Build(), FailureReason::kMissingUid);
    for (const std::string& value : {std::string(), std::string("not a uid"), "1." + std::string(64, '2'),
                                     std::string("1.2.03.4"), std::string("1.00")}) {
      DicomFixture invalid;
      invalid.meta_header = false;
      invalid.attributes = {{name, value}};
      ExpectFailure(invalid.Build(), value.empty() ? FailureReason::kMissingUid : FailureReason::kInvalidUid);
    }
  }
}

TEST(DicomReader, NamesTheMissingUid) {
  DicomFixture fixture;
  fixture.remove = {"SeriesInstanceUID"};
  const std::string file = fixture.Build();
  const absl::StatusOr<std::unique_ptr<Radiograph>> radiograph = test::Reader()->Read(file);
  EXPECT_NE(std::string(radiograph.status().message()).find("Series Instance UID (0020,000E) is missing"),
            std::string::npos);
}

// Results must carry the study's UID as it is, so an invalid one would make every result invalid (PS3.5, 9.1).
TEST(DicomReader, RefusesUidsWithLeadingZerosAndSaysSo) {
  DicomFixture fixture;
  fixture.study_uid = "1.2.840.0113619.2.55";
  const std::string file = fixture.Build();
  const absl::StatusOr<std::unique_ptr<Radiograph>> radiograph = test::Reader()->Read(file);
  const std::string message(radiograph.status().message());
  EXPECT_NE(message.find("Study Instance UID (0020,000D) is not a UID"), std::string::npos) << message;
  EXPECT_NE(message.find("no leading zeros"), std::string::npos) << message;
}

TEST(DicomReader, RefusesAbsurdSizes) {
  using Edit = std::pair<std::string, std::string>;
  const std::vector<std::vector<Edit>> absurd = {{{"Rows", "0"}},
                                                 {{"Columns", "0"}},
                                                 {{"Rows", "16385"}},
                                                 {{"BitsAllocated", "12"}},
                                                 {{"BitsAllocated", "1"}},
                                                 {{"BitsStored", "17"}},
                                                 {{"BitsStored", "0"}},
                                                 {{"HighBit", "3"}},
                                                 {{"HighBit", "16"}},
                                                 {{"SamplesPerPixel", "0"}},
                                                 {{"SamplesPerPixel", "9"}},
                                                 {{"Rows", "16000"}, {"Columns", "16000"}}};
  for (const std::vector<Edit>& edits : absurd) {
    DicomFixture fixture;
    fixture.attributes = edits;
    SCOPED_TRACE(edits.front().first + " " + edits.front().second);
    ExpectFailure(fixture.Build(), FailureReason::kInvalidImageSize);
  }
  DicomFixture missing;
  missing.remove = {"Rows"};
  ExpectFailure(missing.Build(), FailureReason::kInvalidImageSize);
}

TEST(DicomReader, RefusesPixelDataShorterThanTheImage) {
  DicomFixture fixture;
  fixture.attributes = {{"Rows", "61"}};
  ExpectFailure(fixture.Build(), FailureReason::kTruncated);
  for (const char* count : {"2", "2147483647"}) {
    DicomFixture frames;
    frames.attributes = {{"NumberOfFrames", count}};
    ExpectFailure(frames.Build(), FailureReason::kTruncated);
  }
}

// Though the bytes that are there are all that the image needs.
TEST(DicomReader, RefusesPixelDataThatStateMoreBytesThanThereAre) {
  std::string file = DicomFixture{}.Build();
  const std::size_t at = file.rfind(std::string("\xe0\x7f\x10\x00OW", 6));
  ASSERT_NE(at, std::string::npos);
  file[at + 10] = '\x01';
  ExpectFailure(file, FailureReason::kTruncated);
}

TEST(DicomReader, KeepsUnknownTransferSyntaxesForTheDecoder) {
  DicomFixture fixture;
  fixture.syntax = Syntax::kJpegLs;
  std::string file = fixture.Build();
  const std::string uid = "1.2.840.10008.1.2.4.80";
  file.replace(file.find(uid), uid.size(), "1.2.840.10008.1.2.9.80");
  absl::StatusOr<std::unique_ptr<Radiograph>> radiograph = test::Reader()->Read(file);
  ASSERT_TRUE(radiograph.ok()) << radiograph.status();
  EXPECT_EQ(FailureReasonOf((*radiograph)->DisplayImage().status()),
            absl::optional<FailureReason>(FailureReason::kUnsupportedTransferSyntax));
}

TEST(DicomReader, DoesNotGuessWhatAnUnknownTransferSyntaxHolds) {
  std::string file = DicomFixture{}.Build();
  const std::string uid = "1.2.840.10008.1.2.1";
  file.replace(file.find(uid), uid.size(), "1.2.840.10008.1.2.7");
  EXPECT_EQ(FailureReasonOf(Decode(file).status()),
            absl::optional<FailureReason>(FailureReason::kUnsupportedTransferSyntax));
}

TEST(DicomReader, DecodesOnlySingleGreyscaleFrames) {
  DicomFixture frames;
  frames.frames = 2;
  EXPECT_EQ(FailureReasonOf(Decode(frames.Build()).status()),
            absl::optional<FailureReason>(FailureReason::kUndecodablePixelData));
}

TEST(DicomReader, NamesWhatItLeavesOutAndNoValue) {
  std::vector<std::string> names;
  DicomSettings settings = test::FixedSettings();
  settings.write.on_left_out = [&](absl::string_view name, absl::string_view instance) {
    names.push_back(absl::StrCat(name, " of ", instance));
  };
  DicomFixture fixture;
  fixture.attributes = {{"PatientAge", "62"}};
  const std::string file = fixture.Build();
  ASSERT_TRUE(test::Reader(settings)->Read(file).ok());
  EXPECT_EQ(names, std::vector<std::string>{"PatientAge (0010,1010) of 2.25.1003"});
}

TEST(DicomReader, SaysWhatItReadThoughItIsOdd) {
  std::vector<std::string> oddities;
  DicomSettings settings = test::FixedSettings();
  settings.on_odd = [&](absl::string_view what, absl::string_view instance) {
    oddities.push_back(absl::StrCat(what, " in ", instance));
  };
  DicomFixture fixture;
  ASSERT_TRUE(test::Reader(settings)->Read(fixture.Build()).ok());
  EXPECT_TRUE(oddities.empty());
  fixture.attributes = {{"RescaleSlope", "0,5"}, {"RescaleIntercept", "0"}};
  const std::string file = fixture.Build();
  ASSERT_TRUE(test::Reader(settings)->Read(file).ok());
  EXPECT_EQ(oddities, std::vector<std::string>{
                          "a comma is taken for the decimal point of RescaleSlope (0028,1053) in 2.25.1003"});
}

TEST(DicomReader, CountsPaddingInWordsOfEveryWidth) {
  for (const int bits : {8, 16, 32}) {
    test::DicomFixture fixture;
    fixture.rows = 1;
    fixture.columns = 5;
    fixture.pixels = {3, 100, 90, 5, 4};
    fixture.bits_allocated = fixture.bits_stored = bits;
    EXPECT_EQ(test::Reader()->Read(fixture.Build()).value()->DisplayImage()->padding_pixels, 0u) << bits;
    fixture.padding = 3;
    fixture.padding_limit = 5;
    EXPECT_EQ(test::Reader()->Read(fixture.Build()).value()->DisplayImage()->padding_pixels, 3u) << bits;
  }
}

}  // namespace
}  // namespace cxr
