// SPDX-License-Identifier: Apache-2.0
#include "service/imaging/activation_field.h"

#include <gtest/gtest.h>

#include <opencv2/imgproc.hpp>
#include <vector>

#include "service/imaging/activation_field.h"
#include "tests/unit/imaging/overlay_fixture.h"

namespace cxr {
namespace {

using test::CentreOf;
using test::GrayRadiograph;
using test::Map;
using test::MustFind;
using test::Set;

TEST(SalientRegions, FindsTheRegionThatTheThresholdCutsOut) {
  const GrayImage radiograph = GrayRadiograph(1400, 1050);
  ActivationMap map = Map(7, 7, radiograph);
  Set(map, 4, 2, 1.0F);
  Set(map, 4, 3, 0.9F);
  Set(map, 3, 2, 0.7F);
  Set(map, 2, 5, 0.6F);
  for (const double threshold : {0.3, 0.5, 0.7}) {
    const cv::Mat1b expected = ActivationField(map, {radiograph.columns, radiograph.rows}) >= threshold;
    cv::Mat1b found = cv::Mat1b::zeros(radiograph.rows, radiograph.columns);
    for (const Polygon& region : MustFind(map, radiograph, {.threshold = threshold})) {
      ASSERT_GE(region.size(), 3U);
      std::vector<cv::Point> outline;
      for (const PixelPoint& point : region) outline.emplace_back(cv::Point2d(point.x - 0.5, point.y - 0.5));
      cv::fillPoly(found, std::vector<std::vector<cv::Point>>{outline}, cv::Scalar(255));
    }
    const double overlap = cv::countNonZero(expected & found);
    EXPECT_GE(overlap / cv::countNonZero(expected | found), 0.95) << "threshold " << threshold;
  }
}

TEST(SalientRegions, ListsRegionsLargestFirstAndDropsSpecks) {
  const GrayImage radiograph = GrayRadiograph(1000, 1000);
  ActivationMap map = Map(50, 50, radiograph);
  for (int row = 5; row < 15; ++row) {
    for (int column = 5; column < 15; ++column) Set(map, row, column, 1.0F);
  }
  for (int row = 30; row < 45; ++row) {
    for (int column = 30; column < 45; ++column) Set(map, row, column, 1.0F);
  }
  Set(map, 40, 5, 1.0F);  // a speck
  const std::vector<Polygon> regions = MustFind(map, radiograph);
  ASSERT_EQ(regions.size(), 2U);
  EXPECT_GT(CentreOf(regions[0], radiograph).x, 0.5);
  EXPECT_LT(CentreOf(regions[1], radiograph).x, 0.5);
  EXPECT_EQ(MustFind(map, radiograph, {.max_regions = 1}).size(), 1U);
}

TEST(SalientRegions, KeepsASpeckThatIsAllThereIs) {
  const GrayImage radiograph = GrayRadiograph(3000, 3000);
  ActivationMap map = Map(1000, 1000, radiograph);
  Set(map, 500, 999, 1.0F);
  const std::vector<Polygon> regions = MustFind(map, radiograph);
  ASSERT_EQ(regions.size(), 1U);
  std::vector<cv::Point2f> outline;
  for (const PixelPoint& point : regions[0]) outline.emplace_back(cv::Point2d(point.x, point.y));
  ASSERT_GE(outline.size(), 3U);
  EXPECT_GT(cv::contourArea(outline), 0.0);
}

TEST(SalientRegions, FindsNoRegionInAMapOfZeros) {
  const GrayImage radiograph = GrayRadiograph(1000, 800);
  EXPECT_TRUE(MustFind(Map(7, 7, radiograph), radiograph).empty());
}

}  // namespace
}  // namespace cxr
