// SPDX-License-Identifier: Apache-2.0
#include "service/dicom/display/display_mapping.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <numeric>

#include "service/base/failure.h"
#include "tests/support/dicom_fixture.h"
#include "tests/unit/dicom/support/analysis_samples.h"

namespace cxr {
namespace {

using test::DicomFixture;

/// A radiograph of one row with the given stored values.
DicomFixture Row(std::vector<std::int32_t> pixels) {
  DicomFixture fixture;
  fixture.rows = 1;
  fixture.columns = static_cast<int>(pixels.size());
  fixture.pixels = std::move(pixels);
  return fixture;
}

std::vector<int> DisplayOf(const std::string& file) {
  absl::StatusOr<std::unique_ptr<Radiograph>> radiograph = test::Reader()->Read(file);
  if (!radiograph.ok()) {
    ADD_FAILURE() << radiograph.status();
    return {};
  }
  const absl::StatusOr<GrayImage> image = (*radiograph)->DisplayImage();
  EXPECT_TRUE(image.ok()) << image.status();
  return image.ok() ? std::vector<int>(image->pixels.begin(), image->pixels.end()) : std::vector<int>{};
}

std::vector<int> Display(const DicomFixture& fixture) {
  return DisplayOf(fixture.Build());
}

using Levels = std::vector<int>;

TEST(DisplayMapping, ShowsEightBitsAsTheyAre) {
  DicomFixture fixture = Row({0, 1, 100, 254, 255});
  fixture.bits_allocated = fixture.bits_stored = 8;
  EXPECT_EQ(Display(fixture), (Levels{0, 1, 100, 254, 255}));
}

TEST(DisplayMapping, ShowsTheWholeRangeWhenTheDataSpanHalfOfIt) {
  EXPECT_EQ(Display(Row({1000, 3048, 2048})), (Levels{62, 190, 128}));
}

TEST(DisplayMapping, ShowsTheRangeOfTheDataWhenTheySpanLess) {
  EXPECT_EQ(Display(Row({1000, 1510, 1255})), (Levels{0, 255, 128}));
}

TEST(DisplayMapping, ShowsAConstantImageWithoutDividingByZero) {
  EXPECT_EQ(Display(Row({7, 7, 7})), (Levels{0, 0, 0}));
}

TEST(DisplayMapping, WindowsLinearly) {
  // PS3.3 C.11.2.1.2.1 with centre 2048 and width 4096 is the identity over 12 bits.
  DicomFixture fixture = Row({0, 4095, 2048, 1024});
  fixture.window = {2048, 4096};
  EXPECT_EQ(Display(fixture), (Levels{0, 255, 128, 64}));
  // Centre 100, width 1 is a threshold: up to 99.5 black, above white.
  DicomFixture threshold = Row({0, 99, 100, 4095});
  threshold.window = {100, 1};
  EXPECT_EQ(Display(threshold), (Levels{0, 0, 255, 255}));
}

TEST(DisplayMapping, WindowsExactly) {
  DicomFixture fixture = Row({0, 50, 100, 150, 200});
  fixture.window = {100, 100};
  fixture.voi_function = "LINEAR_EXACT";
  EXPECT_EQ(Display(fixture), (Levels{0, 0, 128, 255, 255}));
}

TEST(DisplayMapping, WindowsWithASigmoid) {
  DicomFixture fixture = Row({0, 500, 1000, 1500, 4095});
  fixture.window = {1000, 1000};
  fixture.voi_function = "SIGMOID";
  const auto level = [](double x) {
    return static_cast<int>(std::lround(255 / (1 + std::exp(-4 * (x - 1000) / 1000))));
  };
  EXPECT_EQ(Display(fixture), (Levels{level(0), level(500), level(1000), level(1500), level(4095)}));
}

TEST(DisplayMapping, IgnoresInvalidWindows) {
  for (const double width : {0.0, -5.0, 0.5}) {
    DicomFixture fixture = Row({0, 4095, 2048});
    fixture.window = {100, width};
    EXPECT_EQ(Display(fixture), (Levels{0, 255, 128})) << width;
  }
  DicomFixture words = Row({0, 4095, 2048});
  words.attributes = {{"WindowCenter", "none"}, {"WindowWidth", "none"}};
  EXPECT_EQ(Display(words), (Levels{0, 255, 128}));
}

TEST(DisplayMapping, UsesTheFirstOfSeveralWindows) {
  DicomFixture fixture = Row({0, 4095});
  fixture.attributes = {{"WindowCenter", "2048\\10"}, {"WindowWidth", "4096\\2"}};
  EXPECT_EQ(Display(fixture), (Levels{0, 255}));
}

TEST(DisplayMapping, UsesTheFirstUsableOfSeveralWindows) {
  for (const char* first : {"nan", "", "x", "0", "-4"}) {
    DicomFixture fixture = Row({0, 4095, 2048, 1024});
    fixture.attributes = {{"WindowCenter", "7\\2048"}, {"WindowWidth", std::string(first) + "\\4096"}};
    EXPECT_EQ(Display(fixture), (Levels{0, 255, 128, 64})) << first;
  }
  DicomFixture centre = Row({0, 1500, 4095});
  centre.attributes = {{"WindowCenter", "\\1000"}, {"WindowWidth", "5\\1000"}};
  EXPECT_EQ(Display(centre), (Levels{0, 255, 255}));
}

TEST(DisplayMapping, ReadsWindowsOfAnyVr) {
  for (const char* vr : {"IS", "LO", "SH", "US", "FD"}) {
    DicomFixture fixture = Row({0, 500, 1000, 4095});
    fixture.attributes = {{"WindowCenter", "0500"}, {"WindowWidth", "1000"}};
    std::string file = fixture.Build();
    for (const std::string& tag : {std::string("\x28\x00\x50\x10", 4), std::string("\x28\x00\x51\x10", 4)}) {
      const std::size_t at = file.find(tag + "DS");
      ASSERT_NE(at, std::string::npos);
      file.replace(at + 4, 2, vr);
      const double value = tag[2] == '\x50' ? 500 : 1000;
      const auto word = static_cast<std::uint16_t>(value);
      if (std::string(vr) == "US") file.replace(at + 6, 6, std::string{2, 0, char(word & 0xff), char(word >> 8)});
      std::string wide(8, '\0');
      std::memcpy(wide.data(), &value, 8);
      if (std::string(vr) == "FD") file.replace(at + 6, 6, std::string("\x08\x00", 2) + wide);
    }
    EXPECT_EQ(DisplayOf(file), (Levels{0, 128, 255, 255})) << vr;
  }
}

TEST(DisplayMapping, TakesACommaForTheDecimalPoint) {
  DicomFixture fixture = Row({0, 4095, 1024});
  fixture.attributes = {
      {"RescaleSlope", "0,5"}, {"RescaleIntercept", "0"}, {"WindowCenter", "1024,0"}, {"WindowWidth", "2048"}};
  DicomFixture point = Row({0, 4095, 1024});
  point.attributes = {
      {"RescaleSlope", "0.5"}, {"RescaleIntercept", "0"}, {"WindowCenter", "1024.0"}, {"WindowWidth", "2048"}};
  EXPECT_EQ(Display(fixture), Display(point));
  EXPECT_EQ(Display(fixture), (Levels{0, 255, 64}));
}

// Such a width says nothing of whole numbers: it spans a thousand stored values.
TEST(DisplayMapping, ShowsANarrowWindowAfterASmallSlope) {
  for (const double width : {0.25, 1.0, 2.5}) {
    DicomFixture fixture = Row({0, 1024, 2048, 1536, 4095});
    fixture.rescale = {width / 1024, 0};
    fixture.window = {1.5 * width, width};
    EXPECT_EQ(Display(fixture), (Levels{0, 0, 255, 128, 255})) << width;
  }
}

TEST(DisplayMapping, RescalesBeforeWindowing) {
  DicomFixture fixture = Row({0, 100, 200});
  fixture.rescale = {2, -200};
  fixture.window = {0, 400};
  fixture.voi_function = "LINEAR_EXACT";
  EXPECT_EQ(Display(fixture), (Levels{0, 128, 255}));
}

TEST(DisplayMapping, TakesANegativeSlopeForAnInversion) {
  DicomFixture fixture = Row({0, 4095, 1024});
  fixture.rescale = {-1, 4095};
  EXPECT_EQ(Display(fixture), (Levels{255, 0, 191}));
}

TEST(DisplayMapping, IgnoresASlopeOfZero) {
  DicomFixture fixture = Row({0, 4095});
  fixture.rescale = {0, 7};
  EXPECT_EQ(Display(fixture), (Levels{0, 255}));
}

TEST(DisplayMapping, InvertsMonochrome1Once) {
  DicomFixture fixture = Row({0, 4095, 1024});
  fixture.photometric = "MONOCHROME1";
  EXPECT_EQ(Display(fixture), (Levels{255, 0, 191}));
  fixture.attributes = {{"PresentationLUTShape", "INVERSE"}};  // says the same
  EXPECT_EQ(Display(fixture), (Levels{255, 0, 191}));
}

TEST(DisplayMapping, InvertsForThePresentationLutShape) {
  DicomFixture fixture = Row({0, 4095});
  fixture.attributes = {{"PresentationLUTShape", "INVERSE"}};
  EXPECT_EQ(Display(fixture), (Levels{255, 0}));
  fixture.attributes = {{"PresentationLUTShape", "IDENTITY"}};
  EXPECT_EQ(Display(fixture), (Levels{0, 255}));
}

TEST(DisplayMapping, ExtendsTheSign) {
  DicomFixture fixture = Row({-2048, 0, 2047});
  fixture.is_signed = true;
  EXPECT_EQ(Display(fixture), (Levels{0, 128, 255}));
  fixture.window = {0, 100};
  fixture.voi_function = "LINEAR_EXACT";
  EXPECT_EQ(Display(fixture), (Levels{0, 128, 255}));
}

TEST(DisplayMapping, DropsBitsOutsideTheStoredOnes) {
  DicomFixture fixture = Row({0, 4095, 2048});
  fixture.junk_bits = 0xf000;
  EXPECT_EQ(Display(fixture), (Levels{0, 255, 128}));
  fixture.high_bit = 15;
  fixture.junk_bits = 0x000f;
  EXPECT_EQ(Display(fixture), (Levels{0, 255, 128}));
}

TEST(DisplayMapping, Reads32BitWords) {
  DicomFixture fixture = Row({0, 1 << 20, 1 << 19});
  fixture.bits_allocated = 32;
  fixture.bits_stored = 32;
  EXPECT_EQ(Display(fixture), (Levels{0, 255, 128}));
  fixture.syntax = test::Syntax::kExplicitLittle;
  fixture.bits_stored = 12;
  fixture.pixels = {0, 4095, 2048};
  EXPECT_EQ(Display(fixture), (Levels{0, 255, 128}));
}

TEST(DisplayMapping, BlackensPaddingAndLeavesItOutOfTheRange) {
  DicomFixture fixture = Row({1000, 1510, 1255, 4095});
  fixture.padding = 4095;
  EXPECT_EQ(Display(fixture), (Levels{0, 255, 128, 0}));
  fixture.photometric = "MONOCHROME1";
  EXPECT_EQ(Display(fixture), (Levels{255, 0, 128, 0}));
}

TEST(DisplayMapping, BlackensARangeOfPadding) {
  DicomFixture fixture = Row({1000, 1510, 1255, 4000, 4050, 4095});
  fixture.padding = 4095;
  fixture.padding_limit = 4000;
  EXPECT_EQ(Display(fixture), (Levels{0, 255, 128, 0, 0, 0}));
}

TEST(DisplayMapping, ReadsSignedPadding) {
  DicomFixture fixture = Row({-2000, 100, 610, 355});
  fixture.is_signed = true;
  fixture.padding = -2000;
  EXPECT_EQ(Display(fixture), (Levels{0, 0, 255, 128}));
}

TEST(DisplayMapping, ShowsAnImageOfNothingButPadding) {
  DicomFixture fixture = Row({5, 5});
  fixture.padding = 5;
  EXPECT_EQ(Display(fixture), (Levels{0, 0}));
}

TEST(DisplayMapping, AppliesTheModalityLut) {
  DicomFixture fixture = Row({0, 1, 2, 3, 4095});
  fixture.modality_lut = test::LookupTable{{0, 100, 200, 255}, 0, 8};
  EXPECT_EQ(Display(fixture), (Levels{0, 100, 200, 255, 255}));
}

TEST(DisplayMapping, AppliesTheVoiLutBeforeAWindow) {
  DicomFixture fixture = Row({0, 9, 10, 11, 12, 4095});
  fixture.voi_lut = test::LookupTable{{255, 0, 128}, 10, 8};
  fixture.window = {2048, 4096};
  EXPECT_EQ(Display(fixture), (Levels{255, 255, 255, 0, 128, 128}));
}

TEST(DisplayMapping, AppliesAVoiLutToSignedValues) {
  DicomFixture fixture = Row({-3, -2, -1, 0});
  fixture.is_signed = true;
  fixture.voi_lut = test::LookupTable{{0, 2048, 4095}, -2, 12};
  EXPECT_EQ(Display(fixture), (Levels{0, 0, 128, 255}));
}

TEST(DisplayMapping, TakesTheRangeOfALutFromItsData) {
  for (const int stated : {8, 10, 12, 16}) {
    DicomFixture fixture = Row({0, 1, 2, 3});
    fixture.voi_lut = test::LookupTable{{0, 1024, 2048, 4095}, 0, stated};
    EXPECT_EQ(Display(fixture), (Levels{0, 64, 128, 255})) << stated;
    fixture.voi_lut.reset();
    fixture.modality_lut = test::LookupTable{{0, 1024, 2048, 4095}, 0, stated};
    EXPECT_EQ(Display(fixture), (Levels{0, 64, 128, 255})) << stated;
  }
}

TEST(DisplayMapping, PassesOverHollowLuts) {
  for (const char* sequence : {"ModalityLUTSequence", "VOILUTSequence"}) {
    DicomFixture fixture = Row({0, 4095, 2048});
    fixture.attributes = {{std::string(sequence) + "[0].LUTExplanation", ""}};
    EXPECT_EQ(Display(fixture), (Levels{0, 255, 128})) << sequence;
  }
  DicomFixture second = Row({0, 4095, 2048});
  second.voi_lut = test::LookupTable{{255, 0}, 2047, 8};
  EXPECT_EQ(Display(second), (Levels{255, 0, 0}));
  second.voi_lut->entries = {0, 0};
  EXPECT_EQ(Display(second), (Levels{0, 255, 128}));
}

/// A soft range of 12-bit values with one or more values far away at its end.
std::vector<std::int32_t> SoftWith(std::int32_t outlier, int count) {
  std::vector<std::int32_t> pixels;
  for (int i = 0; i < 2000; ++i) pixels.push_back(100 + i / 2);
  for (int i = 0; i < count; ++i) pixels.push_back(outlier);
  return pixels;
}

/// The soft range without outliers, shown below an eighth of room for them.
std::vector<int> SoftBelowOutliers() {
  std::vector<int> shown;
  for (int i = 0; i < 2000; ++i) shown.push_back(static_cast<int>(std::lround(255.0 * (i / 2) / (999 + 999 / 8))));
  return shown;
}

TEST(DisplayMapping, DoesNotLetOutliersChooseTheRange) {
  for (const int count : {1, 30}) {  // a defective pixel, a marker
    for (const int bits : {12, 16}) {
      DicomFixture fixture = Row(SoftWith((1 << bits) - 1, count));
      fixture.bits_stored = bits;
      std::vector<int> shown = Display(fixture);
      EXPECT_EQ(shown.back(), 255);
      shown.resize(2000);
      EXPECT_EQ(shown, SoftBelowOutliers()) << count << " of " << bits << " bits";
    }
  }
  DicomFixture wide = Row(SoftWith(0x7fffffff, 1));
  wide.bits_allocated = wide.bits_stored = 32;
  std::vector<int> shown = Display(wide);
  EXPECT_EQ(shown.back(), 255);
  shown.resize(2000);
  EXPECT_EQ(shown, SoftBelowOutliers());
}

TEST(DisplayMapping, KeepsATailThatBelongsToTheData) {
  std::vector<std::int32_t> pixels = SoftWith(100, 8000);  // mostly dark, as behind a wide collimator
  EXPECT_EQ(Display(Row(pixels))[1999], 255);
}

TEST(DisplayMapping, PassesOverAContradictoryVoiLutButNotModalityLut) {
  DicomFixture voi = Row({0, 4095});
  voi.voi_lut = test::LookupTable{{1, 2, 3}, 0, 99};
  EXPECT_EQ(Display(voi), (Levels{0, 255}));
  DicomFixture modality = Row({0, 4095});
  modality.modality_lut = test::LookupTable{{1, 2, 3}, 0, 99};
  const std::string file = modality.Build();
  absl::StatusOr<std::unique_ptr<Radiograph>> radiograph = test::Reader()->Read(file);
  ASSERT_TRUE(radiograph.ok());
  EXPECT_EQ(FailureReasonOf((*radiograph)->DisplayImage().status()),
            absl::optional<FailureReason>(FailureReason::kUndecodablePixelData));
}

}  // namespace
}  // namespace cxr
