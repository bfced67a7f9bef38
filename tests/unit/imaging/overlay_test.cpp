// SPDX-License-Identifier: Apache-2.0
#include "service/imaging/overlay.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <opencv2/imgproc.hpp>
#include <string>
#include <utility>
#include <vector>

#include "integration/phantom/phantom.h"
#include "tests/unit/imaging/overlay_fixture.h"

namespace cxr {
namespace {

using test::AsMat;
using test::CentreOf;
using test::GrayRadiograph;
using test::Indeterminate;
using test::Map;
using test::MustFind;
using test::MustRender;
using test::Normal;
using test::Positive;
using test::Set;
using test::Spread;

/// The centre of colour of the middle part of an image, where no caption is, in units of the image; (-1, -1) if all
/// is grey.
cv::Point2d CentreOfColour(RgbImage& image) {
  const cv::Mat3b pixels = AsMat(image);
  cv::Point2d sum;
  double weight = 0;
  for (int y = image.rows / 8; y < image.rows * 7 / 8; ++y) {
    for (int x = 0; x < image.columns; ++x) {
      const double colour = Spread(pixels(y, x));
      if (colour < 40) continue;
      sum += colour * cv::Point2d(x, y);
      weight += colour;
    }
  }
  if (weight <= 0) return {-1, -1};
  return {sum.x / weight / image.columns, sum.y / weight / image.rows};
}

struct Shape {
  int rows;
  int columns;
};

class OverlayOnShapes : public testing::TestWithParam<Shape> {};

TEST_P(OverlayOnShapes, KeepsAHotCornerInItsCorner) {
  const GrayImage radiograph = GrayRadiograph(GetParam().rows, GetParam().columns);
  for (const int row : {1, 5}) {  // beside the outermost row, where the caption is
    for (const int column : {0, 6}) {
      ActivationMap map = Map(7, 7, radiograph);
      Set(map, row, column, 1.0F);
      const std::vector<Polygon> regions = MustFind(map, radiograph);
      ASSERT_EQ(regions.size(), 1U);
      const cv::Point2d region = CentreOf(regions[0], radiograph);
      EXPECT_EQ(region.x < 0.25, column == 0) << region;
      EXPECT_EQ(region.x > 0.75, column == 6) << region;
      EXPECT_EQ(region.y < 0.35, row == 1) << region;
      EXPECT_EQ(region.y > 0.65, row == 5) << region;

      if (std::max(radiograph.rows, radiograph.columns) > 4 * std::min(radiograph.rows, radiograph.columns))
        continue;  // a sliver is all caption
      RgbImage image = MustRender(radiograph, Positive(map));
      const cv::Point2d colour = CentreOfColour(image);
      EXPECT_NEAR(colour.x, (column + 0.5) / 7, 0.05);
      EXPECT_NEAR(colour.y, (row + 0.5) / 7, 0.05);
    }
  }
}

TEST_P(OverlayOnShapes, KeepsTheAspectOfTheSourceAndTheBoundOfTheLongSide) {
  const GrayImage radiograph = GrayRadiograph(GetParam().rows, GetParam().columns);
  const RgbImage image = MustRender(radiograph, Positive(Map(7, 7, radiograph)));
  const int long_side = std::max(image.rows, image.columns);
  EXPECT_LE(long_side, 1024);
  EXPECT_GE(long_side, std::min(512, std::max(radiograph.rows, radiograph.columns)));
  const double factor = static_cast<double>(long_side) / std::max(radiograph.rows, radiograph.columns);
  EXPECT_NEAR(image.rows, radiograph.rows * factor, 0.5 + 1e-9);
  EXPECT_NEAR(image.columns, radiograph.columns * factor, 0.5 + 1e-9);
  EXPECT_EQ(image.pixels.size(), static_cast<std::size_t>(image.rows) * static_cast<std::size_t>(image.columns) * 3);
}

TEST_P(OverlayOnShapes, KeepsRegionsInsideTheImage) {
  const GrayImage radiograph = GrayRadiograph(GetParam().rows, GetParam().columns);
  ActivationMap map = Map(7, 7, radiograph);
  std::fill(map.values.begin(), map.values.end(), 1.0F);
  const std::vector<Polygon> regions = MustFind(map, radiograph);
  ASSERT_EQ(regions.size(), 1U);
  double right = 0;
  double bottom = 0;
  for (const PixelPoint& point : regions[0]) {
    EXPECT_GE(point.x, 0);
    EXPECT_GE(point.y, 0);
    EXPECT_LE(point.x, radiograph.columns);
    EXPECT_LE(point.y, radiograph.rows);
    right = std::max(right, point.x);
    bottom = std::max(bottom, point.y);
  }
  EXPECT_EQ(right, radiograph.columns) << "an activation everywhere covers the whole image";
  EXPECT_EQ(bottom, radiograph.rows);
}

INSTANTIATE_TEST_SUITE_P(Shapes, OverlayOnShapes,
                         testing::Values(Shape{2048, 2048}, Shape{1200, 800}, Shape{664, 1072}, Shape{300, 4000},
                                         Shape{4000, 300}, Shape{64, 50}, Shape{700, 700}));

TEST(Overlay, KeepsABrightRadiographPixelAtTheSamePlace) {
  GrayImage radiograph = GrayRadiograph(2000, 1000, 10);
  for (int y = 1000; y < 1010; ++y) {
    for (int x = 200; x < 210; ++x)
      radiograph.pixels[static_cast<std::size_t>(y) * 1000 + static_cast<std::size_t>(x)] = 255;
  }
  RgbImage image = MustRender(radiograph, Normal(Map(7, 7, radiograph)), {.max_long_side = 1000});
  const cv::Mat3b pixels = AsMat(image);
  EXPECT_EQ(pixels(502, 102), cv::Vec3b(255, 255, 255));
  EXPECT_EQ(pixels(502, 108), cv::Vec3b(10, 10, 10));
  EXPECT_EQ(pixels(502, 97), cv::Vec3b(10, 10, 10));
}

TEST(Overlay, PaintsNoColourOnANormalRadiograph) {
  const GrayImage radiograph = DrawChestPhantom({.rows = 600, .columns = 500});
  ActivationMap map = Map(7, 7, radiograph);
  std::fill(map.values.begin(), map.values.end(), 1.0F);
  RgbImage image = MustRender(radiograph, Normal(map));
  const cv::Mat3b pixels = AsMat(image);
  EXPECT_TRUE(std::all_of(pixels.begin(), pixels.end(), [](const cv::Vec3b& pixel) { return Spread(pixel) == 0; }));
}

TEST(Overlay, ColoursOnAnAbsoluteScale) {
  const GrayImage radiograph = GrayRadiograph(1024, 1024, 128);
  const auto colour_of = [&](float activation) {
    ActivationMap map = Map(7, 7, radiograph);
    std::fill(map.values.begin(), map.values.end(), activation);
    Set(map, 0, 0, 1.0F);  // far from the centre: it must not change the colour there
    RgbImage image = MustRender(radiograph, Positive(map));
    return AsMat(image)(512, 512);
  };
  EXPECT_EQ(colour_of(0.0F), cv::Vec3b(128, 128, 128));
  const cv::Vec3b quarter = colour_of(0.25F);
  const cv::Vec3b half = colour_of(0.5F);
  const cv::Vec3b whole = colour_of(1.0F);
  EXPECT_LT(Spread(quarter), Spread(half));
  EXPECT_LT(Spread(half), Spread(whole));
}

TEST(Overlay, PaintsOnlyInsideTheBoxOfTheMap) {
  const GrayImage radiograph = GrayRadiograph(1000, 1000, 100);
  ActivationMap map = Map(7, 7, radiograph);
  std::fill(map.values.begin(), map.values.end(), 1.0F);
  map.source_box = {600, 300, 200, 400};
  RgbImage image = MustRender(radiograph, Positive(map));
  const cv::Mat3b pixels = AsMat(image);
  EXPECT_GT(Spread(pixels(500, 700)), 40);
  EXPECT_EQ(Spread(pixels(500, 590)), 0);
  EXPECT_EQ(Spread(pixels(500, 810)), 0);
  EXPECT_EQ(Spread(pixels(290, 700)), 0);
  EXPECT_EQ(Spread(pixels(710, 700)), 0);
  const std::vector<Polygon> regions = MustFind(map, radiograph);
  ASSERT_EQ(regions.size(), 1U);
  for (const PixelPoint& point : regions[0]) {
    EXPECT_TRUE(point.x >= 600 && point.x <= 800 && point.y >= 300 && point.y <= 700) << point.x << " " << point.y;
  }
}

TEST(Overlay, WritesACaptionThatStandsOutOnBlackAndOnWhiteRadiograph) {
  for (const int value : {0, 255}) {
    const GrayImage radiograph = GrayRadiograph(1024, 1024, static_cast<std::uint8_t>(value));
    RgbImage image = MustRender(radiograph, Normal(Map(7, 7, radiograph)));
    const cv::Mat3b pixels = AsMat(image);
    for (const cv::Rect band : {cv::Rect(0, 0, 1024, 30), cv::Rect(0, 984, 1024, 40)}) {
      double least = 0;
      double most = 0;
      cv::minMaxLoc(cv::Mat(pixels(band)).reshape(1), &least, &most);
      EXPECT_LT(least, 80);
      EXPECT_GT(most, 250);
    }
    const cv::Mat middle = cv::Mat(pixels(cv::Rect(0, 150, 1024, 700))).reshape(1);
    EXPECT_EQ(cv::countNonZero(middle != value), 0) << "the caption stays away from the lungs";
  }
}

bool IsRed(const cv::Vec3b& pixel) {
  return pixel[0] > pixel[1] + 50;
}

bool IsAmber(const cv::Vec3b& pixel) {
  return pixel[1] > pixel[2] + 50;
}

/// The number of rows in which text of a colour stands.
int RowsOf(const Analysis& analysis, bool (*has_colour)(const cv::Vec3b&)) {
  RgbImage image = MustRender(GrayRadiograph(1024, 1024), analysis, {}, MapDisplay::kHidden);
  const cv::Mat3b pixels = AsMat(image);
  int rows = 0;
  for (int y = 0; y < pixels.rows; ++y) rows += std::any_of(pixels[y], pixels[y] + pixels.cols, has_colour) ? 1 : 0;
  return rows;
}

TEST(Overlay, ColoursTheFindingByItsConclusion) {
  const ActivationMap map = Map(7, 7, GrayRadiograph(1024, 1024));
  EXPECT_GT(RowsOf(Positive(map), IsRed), 0);
  EXPECT_EQ(RowsOf(Positive(map), IsAmber), 0);
  EXPECT_EQ(RowsOf(Indeterminate(map), IsRed), 0);
  EXPECT_GT(RowsOf(Indeterminate(map), IsAmber), 0);
  EXPECT_EQ(RowsOf(Normal(map), IsRed) + RowsOf(Normal(map), IsAmber), 0);
}

TEST(Overlay, WritesACautionAsLargeAsTheFinding) {
  Analysis analysis = Positive(Map(7, 7, GrayRadiograph(1024, 1024)));
  analysis.reasons = {{ReasonCode::kAgeUnknown, ""}};
  EXPECT_GT(RowsOf(analysis, IsRed), 10);
  EXPECT_NEAR(RowsOf(analysis, IsAmber), RowsOf(analysis, IsRed), 3);
}

TEST(Overlay, ShowsNoFindingWithoutItsCautions) {
  const GrayImage radiograph = GrayRadiograph(130, 512);  // room for the finding, not for all cautions
  Analysis analysis = Positive(Map(7, 7, radiograph));
  const auto reds = [&] {
    RgbImage image = MustRender(radiograph, analysis, {}, MapDisplay::kHidden);
    const cv::Mat3b pixels = AsMat(image);
    return std::count_if(pixels.begin(), pixels.end(), IsRed);
  };
  EXPECT_GT(reds(), 0);
  analysis.reasons = {{ReasonCode::kUnlikeTrainingData, ""},
                      {ReasonCode::kForProcessing, ""},
                      {ReasonCode::kViewUnknown, ""},
                      {ReasonCode::kAgeUnknown, ""}};
  EXPECT_EQ(reds(), 0);
}

TEST(Overlay, DrawsRadiographsOfAnyAspect) {
  for (const auto& [rows, columns] : {Shape{1, 1}, Shape{1, 5000}, Shape{5000, 1}, Shape{3, 2}, Shape{40, 8000}}) {
    const GrayImage radiograph = GrayRadiograph(rows, columns);
    ActivationMap map = Map(7, 7, radiograph);
    Set(map, 3, 3, 1.0F);
    Analysis analysis = Positive(map);
    analysis.salient_regions = MustFind(map, radiograph);
    analysis.reasons = {{ReasonCode::kAgeUnknown, ""}, {ReasonCode::kForProcessing, ""}};
    EXPECT_LE(std::max(MustRender(radiograph, analysis).rows, MustRender(radiograph, analysis).columns), 1024);
  }
}

TEST(Overlay, DrawsNamesThatAreNotPlainText) {
  const GrayImage radiograph = GrayRadiograph(512, 512);
  Analysis analysis = Positive(Map(7, 7, radiograph));
  analysis.model.identity.name = std::string(
                                     "m\xC3\xB6"
                                     "del\n\0",
                                     8) +
                                 std::string(5000, 'x');
  EXPECT_EQ(MustRender(radiograph, analysis).rows, 512);
}

TEST(Overlay, RefusesMapsThatCannotBeTrusted) {
  const GrayImage radiograph = GrayRadiograph(100, 100);
  const ActivationMap good = Map(7, 7, radiograph);
  std::vector<std::pair<std::string, ActivationMap>> bad(8, {"", good});
  bad[0].first = "not a number";
  bad[0].second.values[3] = std::numeric_limits<float>::quiet_NaN();
  bad[1].first = "infinite";
  bad[1].second.values[3] = std::numeric_limits<float>::infinity();
  bad[2].first = "too few values";
  bad[2].second.values.pop_back();
  bad[3].first = "above 1";
  bad[3].second.values[3] = 1.5F;
  bad[4].first = "no rows";
  bad[4].second.rows = 0;
  bad[5].first = "box outside";
  bad[5].second.source_box = {50, 0, 60, 100};
  bad[6].first = "box without width";
  bad[6].second.source_box.width = 0;
  bad[7].first = "box not a number";
  bad[7].second.source_box.left = std::numeric_limits<double>::quiet_NaN();
  const auto renderer = MakeOverlayRenderer({});
  ASSERT_TRUE(renderer->Render(radiograph, Positive(good), MapDisplay::kShown).ok());
  for (const auto& [name, map] : bad) {
    EXPECT_EQ(renderer->Render(radiograph, Positive(map), MapDisplay::kShown).status().code(),
              absl::StatusCode::kInternal)
        << name;
    EXPECT_EQ(renderer->SalientRegions(map, 100, 100).status().code(), absl::StatusCode::kInternal) << name;
  }
}

TEST(Overlay, RefusesARadiographOrAnAnalysisThatIsNotComplete) {
  GrayImage radiograph = GrayRadiograph(100, 100);
  const auto renderer = MakeOverlayRenderer({});
  Analysis analysis = Positive(Map(7, 7, radiograph));
  radiograph.pixels.pop_back();
  EXPECT_FALSE(renderer->Render(radiograph, analysis, MapDisplay::kShown).ok());
  EXPECT_FALSE(renderer->Render(GrayImage{}, analysis, MapDisplay::kShown).ok());
  analysis.classification.reset();
  EXPECT_FALSE(renderer->Render(GrayRadiograph(100, 100), analysis, MapDisplay::kShown).ok());
}

}  // namespace
}  // namespace cxr
