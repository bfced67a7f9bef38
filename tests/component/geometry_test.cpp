// SPDX-License-Identifier: Apache-2.0
// No validator sees geometry: a bright square in one corner must keep its side and place in map, overlay and report.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <opencv2/imgproc.hpp>
#include <string>
#include <tuple>
#include <vector>

#include "service/imaging/overlay.h"
#include "tests/component/pipeline.h"
#include "tests/support/brightness_model.h"
#include "tests/support/dicom_fixture.h"

namespace cxr::test {
namespace {

/// A square, as fractions of the image: its centre and half its side.
struct Corner {
  const char* name;
  double x;
  double y;
};

constexpr double kHalfSide = 0.12;

struct Shape {
  const char* name;
  int rows;
  int columns;
};

GrayImage SquareInCorner(const Shape& shape, const Corner& corner) {
  GrayImage image{shape.rows, shape.columns, {}};
  image.pixels.assign(static_cast<std::size_t>(shape.rows) * static_cast<std::size_t>(shape.columns), 0);
  for (int y = 0; y < shape.rows; ++y) {
    for (int x = 0; x < shape.columns; ++x) {
      const bool inside = std::abs((x + 0.5) / shape.columns - corner.x) < kHalfSide &&
                          std::abs((y + 0.5) / shape.rows - corner.y) < kHalfSide;
      if (inside)
        image.pixels[static_cast<std::size_t>(y) * static_cast<std::size_t>(shape.columns) +
                     static_cast<std::size_t>(x)] = 255;
    }
  }
  return image;
}

/// Centre of mass as fractions of the image.
struct Centre {
  double x = 0;
  double y = 0;
};

Centre CentreOf(const ActivationMap& map) {
  double sum = 0;
  Centre centre;
  for (int y = 0; y < map.rows; ++y) {
    for (int x = 0; x < map.columns; ++x) {
      const double value = map.values[static_cast<std::size_t>(y * map.columns + x)];
      sum += value;
      centre.x += value * (x + 0.5) / map.columns;
      centre.y += value * (y + 0.5) / map.rows;
    }
  }
  return {centre.x / sum, centre.y / sum};
}

/// Of the strongly coloured pixels between the caption bands.
Centre CentreOfColour(const RgbImage& image) {
  double count = 0;
  Centre centre;
  const int band = image.rows / 8;
  for (int y = band; y < image.rows - band; ++y) {
    for (int x = 0; x < image.columns * 9 / 10; ++x) {
      const std::uint8_t* p = &image.pixels[3 * (static_cast<std::size_t>(y) * static_cast<std::size_t>(image.columns) +
                                                 static_cast<std::size_t>(x))];
      if (*std::max_element(p, p + 3) - *std::min_element(p, p + 3) < 60) continue;
      count += 1;
      centre.x += (x + 0.5) / image.columns;
      centre.y += (y + 0.5) / image.rows;
    }
  }
  return count == 0 ? Centre{-1, -1} : Centre{centre.x / count, centre.y / count};
}

Centre CentreOf(const Polygon& polygon, const Shape& shape) {
  Centre centre;
  for (const PixelPoint& point : polygon) {
    centre.x += point.x / shape.columns / static_cast<double>(polygon.size());
    centre.y += point.y / shape.rows / static_cast<double>(polygon.size());
  }
  return centre;
}

/// Where the map, enlarged to the source, reaches the threshold of the renderer.
cv::Mat1b ThresholdedMap(const ActivationMap& map, const Shape& shape) {
  const cv::Mat1f coarse(map.rows, map.columns, const_cast<float*>(map.values.data()));  // read only
  const PixelBox& of = map.source_box;
  const cv::Rect box(cvRound(of.left), cvRound(of.top), cvRound(of.width), cvRound(of.height));
  cv::Mat1f fine;
  cv::resize(coarse, fine, box.size(), 0, 0, cv::INTER_CUBIC);
  cv::Mat1b mask(shape.rows, shape.columns, static_cast<std::uint8_t>(0));
  cv::Mat1b(fine >= OverlayOptions{}.threshold).copyTo(mask(box));
  return mask;
}

cv::Mat1b Rasterised(const std::vector<Polygon>& regions, const Shape& shape) {
  constexpr int kFractionBits = 4;
  std::vector<std::vector<cv::Point>> outlines;
  for (const Polygon& region : regions) {
    outlines.emplace_back();
    for (const PixelPoint& p : region) {  // OpenCV counts from the centre of the first pixel, DICOM from its corner
      outlines.back().emplace_back(cvRound((p.x - 0.5) * (1 << kFractionBits)),
                                   cvRound((p.y - 0.5) * (1 << kFractionBits)));
    }
  }
  cv::Mat1b mask(shape.rows, shape.columns, static_cast<std::uint8_t>(0));
  cv::fillPoly(mask, outlines, 255, cv::LINE_8, kFractionBits);
  return mask;
}

double IntersectionOverUnion(const cv::Mat1b& a, const cv::Mat1b& b) {
  return static_cast<double>(cv::countNonZero(a & b)) / cv::countNonZero(a | b);
}

/// A presentation state outlines what the report outlines.
void ExpectSamePoints(const std::vector<Polygon>& outlines, const std::vector<Polygon>& regions) {
  ASSERT_EQ(outlines.size(), regions.size());
  for (std::size_t i = 0; i < regions.size(); ++i) {
    ASSERT_EQ(outlines[i].size(), regions[i].size());
    for (std::size_t k = 0; k < regions[i].size(); ++k) {
      EXPECT_EQ(outlines[i][k].x, regions[i][k].x);
      EXPECT_EQ(outlines[i][k].y, regions[i][k].y);
    }
  }
}

/// The map that was written has the values and the place of the one that was found.
void ExpectSameMap(const ActivationMap& written, const ActivationMap& found) {
  EXPECT_EQ(written.rows, found.rows);
  EXPECT_EQ(written.columns, found.columns);
  EXPECT_EQ(written.values, found.values);
  EXPECT_NEAR(written.source_box.left, found.source_box.left, 1e-4);
  EXPECT_NEAR(written.source_box.top, found.source_box.top, 1e-4);
  EXPECT_NEAR(written.source_box.width, found.source_box.width, 1e-3);
  EXPECT_NEAR(written.source_box.height, found.source_box.height, 1e-3);
}

class Geometry : public ::testing::TestWithParam<std::tuple<Shape, Corner, bool>> {
 protected:
  static void SetUpTestSuite() {
    directory_ = std::filesystem::path(::testing::TempDir()) / ("brightness-model-" + std::to_string(::getpid()));
    std::filesystem::create_directories(directory_);
    WriteBrightnessModel(directory_.string());
  }
  static void TearDownTestSuite() { std::filesystem::remove_all(directory_); }

  static std::filesystem::path directory_;
};

std::filesystem::path Geometry::directory_;

/// In all four forms of the result of a radiograph with a square in that corner.
void ExpectEverythingInItsPlace(const absl::StatusOr<AnalysisResult>& result, const Shape& shape,
                                const Corner& corner) {
  ASSERT_TRUE(result.ok()) << result.status();
  ASSERT_TRUE(result->analysis.classification.has_value());
  ASSERT_EQ(result->objects.size(), 4U);

  const Centre map = CentreOf(result->analysis.classification->map);
  EXPECT_NEAR(map.x, corner.x, 0.03);
  EXPECT_NEAR(map.y, corner.y, 0.03);

  const Centre colour = CentreOfColour(ImageOfCapture(result->objects[0]));
  EXPECT_NEAR(colour.x, corner.x, 0.08);
  EXPECT_NEAR(colour.y, corner.y, 0.08);

  const std::vector<Polygon> regions = RegionsOfReport(result->objects[1]);
  ASSERT_EQ(regions.size(), 1U);
  const Centre region = CentreOf(regions[0], shape);
  EXPECT_NEAR(region.x, corner.x, 0.06);
  EXPECT_NEAR(region.y, corner.y, 0.06);
  for (const PixelPoint& point : regions[0]) {
    EXPECT_GE(std::min(point.x, point.y), 0);
    EXPECT_LE(point.x, shape.columns);
    EXPECT_LE(point.y, shape.rows);
  }
  ExpectSamePoints(RegionsOfReport(result->objects[2]), regions);
  ExpectSameMap(MapOfObject(result->objects[3], 1), result->analysis.classification->map);
}

TEST_P(Geometry, ABrightSquareKeepsItsPlaceInMapOverlayAndReport) {
  const auto [shape, corner, monochrome1] = GetParam();
  const Pipeline pipeline(directory_.string());
  ExpectEverythingInItsPlace(
      pipeline.Analyze(FixtureOfImage(SquareInCorner(shape, corner), 12, monochrome1).Build(), ObjectKinds::All()),
      shape, corner);
}

/// The network sees the image upright; whoever reads the result sees the image as it lies.
TEST_P(Geometry, ABrightSquareKeepsItsPlaceHoweverTheImageLies) {
  const auto [shape, corner, monochrome1] = GetParam();
  const Pipeline pipeline(directory_.string());
  DicomFixture fixture = FixtureOfImage(SquareInCorner(shape, corner), 8, monochrome1);
  for (const char* orientation : {"R\\F", "L\\H", "R\\H", "F\\L", "F\\R", "H\\L", "H\\R"}) {
    SCOPED_TRACE(orientation);
    fixture.attributes = {{"PatientOrientation", orientation}};
    ExpectEverythingInItsPlace(pipeline.Analyze(fixture.Build(), ObjectKinds::All()), shape, corner);
  }
}

TEST_P(Geometry, TheRegionsOfTheReportAreTheThresholdedMap) {
  const auto [shape, corner, monochrome1] = GetParam();
  GrayImage image = SquareInCorner(shape, corner);
  const GrayImage other = SquareInCorner(shape, {"Opposite", 1 - corner.x, 1 - corner.y});
  for (std::size_t i = 0; i < image.pixels.size(); ++i) {
    image.pixels[i] = std::max(image.pixels[i], static_cast<std::uint8_t>(other.pixels[i] / 4 * 3));
  }
  const Pipeline pipeline(directory_.string());
  const absl::StatusOr<AnalysisResult> result = pipeline.Analyze(FixtureOfImage(image, 12, monochrome1).Build());
  ASSERT_TRUE(result.ok()) << result.status();
  const Classification& classification = *result->analysis.classification;
  const std::vector<Polygon> regions = RegionsOfReport(result->objects.at(1));
  EXPECT_EQ(regions.size(), 2U);
  EXPECT_GE(IntersectionOverUnion(Rasterised(regions, shape), ThresholdedMap(classification.map, shape)), 0.9);
}

INSTANTIATE_TEST_SUITE_P(
    EveryShapeAndCorner, Geometry,
    ::testing::Combine(::testing::Values(Shape{"Square", 600, 600}, Shape{"Portrait", 900, 600},
                                         Shape{"Landscape", 600, 900}),
                       ::testing::Values(Corner{"UpperLeft", 0.25, 0.3}, Corner{"UpperRight", 0.7, 0.3},
                                         Corner{"LowerLeft", 0.25, 0.7}, Corner{"LowerRight", 0.7, 0.7}),
                       ::testing::Bool()),
    [](const auto& instance) {
      return std::string(std::get<0>(instance.param).name) + std::get<1>(instance.param).name +
             (std::get<2>(instance.param) ? "Monochrome1" : "Monochrome2");
    });

}  // namespace
}  // namespace cxr::test
