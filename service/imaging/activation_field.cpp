// SPDX-License-Identifier: Apache-2.0
#include "service/imaging/activation_field.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <utility>

#include "absl/strings/str_cat.h"
#include "service/base/failure.h"

namespace cxr {
namespace {

constexpr int kMaxMapSide = 1024;

bool IsInside(const PixelBox& box, int rows, int columns) {
  constexpr double kTolerance = 1e-6;  // sums of doubles
  return box.left >= -kTolerance && box.top >= -kTolerance && box.width > 0 && box.height > 0 &&
         box.left + box.width <= columns + kTolerance && box.top + box.height <= rows + kTolerance;
}

constexpr int kGridLongSide = 1024;      // fine enough for any map, and its cost does not grow with the radiograph
constexpr double kSimplification = 1.5;  // in grid cells: just more than the steps of the grid, invisible in the canvas
constexpr double kSpeckOfLargest = 0.04;   // a region below this share of the largest one's area is a speck
constexpr double kSpeckOfSource = 0.0008;  // and so is one below this share of the box, unless it is all there is

using Contour = std::vector<cv::Point>;

struct Region {
  double area = 0;
  Contour contour;
};

cv::Size GridSize(const ActivationMap& map) {
  const double cells_per_pixel = kGridLongSide / std::max(map.source_box.width, map.source_box.height);
  const auto side = [&](double pixels, int least) {
    return std::max(least, static_cast<int>(std::lround(pixels * cells_per_pixel)));
  };
  return {side(map.source_box.width, map.columns), side(map.source_box.height, map.rows)};
}

/// Largest first. The area counts cells, so that a line of cells, whose contour encloses nothing, still has one.
std::vector<Region> RegionsOf(const cv::Mat1b& mask) {
  std::vector<Contour> contours;
  cv::findContours(mask, contours, cv::RETR_EXTERNAL, cv::CHAIN_APPROX_NONE);
  std::vector<Region> regions;
  for (Contour& contour : contours) {
    const double area = cv::contourArea(contour) + static_cast<double>(contour.size()) / 2 + 1;  // Pick's theorem
    regions.push_back({area, std::move(contour)});
  }
  std::stable_sort(regions.begin(), regions.end(), [](const Region& a, const Region& b) { return a.area > b.area; });
  return regions;
}

void DropSpecks(std::vector<Region>& regions, double grid_area, int max_regions) {
  if (regions.empty()) return;
  const double least = std::max(kSpeckOfLargest * regions.front().area, kSpeckOfSource * grid_area);
  std::size_t kept = 1;  // never all: the largest stays, however small
  while (kept < regions.size() && kept < static_cast<std::size_t>(max_regions) && regions[kept].area >= least) ++kept;
  regions.resize(kept);
}

/// A contour runs through the centres of its outermost cells, except at the border of the grid, where the region ends
/// with the image.
double EdgeOf(int cell, int cells) {
  if (cell <= 0) return 0;
  if (cell >= cells - 1) return cells;
  return cell + 0.5;
}

/// In cells, with (0, 0) at the corner of the grid.
std::vector<cv::Point2d> Outline(const Contour& contour, cv::Size grid) {
  Contour simple;
  cv::approxPolyDP(contour, simple, kSimplification, true);
  std::vector<cv::Point2d> outline;
  if (simple.size() >= 3 && cv::contourArea(simple) > 0) {
    for (const cv::Point& cell : simple) outline.emplace_back(EdgeOf(cell.x, grid.width), EdgeOf(cell.y, grid.height));
    return outline;
  }
  const cv::Rect2d box = cv::boundingRect(contour);  // a point or a line of cells
  return {box.tl(), {box.x + box.width, box.y}, box.br(), {box.x, box.y + box.height}};
}

Polygon InSourcePixels(const std::vector<cv::Point2d>& outline, cv::Size grid, const ActivationMap& map,
                       int source_rows, int source_columns) {
  const PixelBox& box = map.source_box;
  Polygon polygon;
  polygon.reserve(outline.size());
  for (const cv::Point2d& point : outline) {
    const double x = box.left + point.x / grid.width * box.width;
    const double y = box.top + point.y / grid.height * box.height;
    polygon.push_back({std::clamp(x, 0.0, 1.0 * source_columns), std::clamp(y, 0.0, 1.0 * source_rows)});
  }
  return polygon;
}

}  // namespace

absl::Status CheckActivationMap(const ActivationMap& map, int source_rows, int source_columns) {
  if (source_rows < 1 || source_columns < 1) {
    return Failure(FailureReason::kInternal, absl::StrCat("The source of an activation map has ", source_rows, " x ",
                                                          source_columns, " pixels."));
  }
  if (map.rows < 1 || map.columns < 1 || map.rows > kMaxMapSide || map.columns > kMaxMapSide) {
    return Failure(FailureReason::kInternal, absl::StrCat("The activation map is ", map.rows, " x ", map.columns,
                                                          "; 1 to ", kMaxMapSide, " on each side are expected."));
  }
  if (map.values.size() != static_cast<std::size_t>(map.rows) * static_cast<std::size_t>(map.columns)) {
    return Failure(FailureReason::kInternal, absl::StrCat("The activation map has ", map.values.size(), " values; ",
                                                          map.rows, " x ", map.columns, " are expected."));
  }
  const bool in_range = std::all_of(map.values.begin(), map.values.end(),
                                    [](float value) { return value >= 0.0F && value <= 1.0F; });  // false for NaN
  if (!in_range) {
    return Failure(FailureReason::kInternal, "The activation map has values that are not within 0 to 1.");
  }
  if (!IsInside(map.source_box, source_rows, source_columns)) {  // false for NaN
    return Failure(
        FailureReason::kInternal,
        absl::StrCat("The box of the activation map (left ", map.source_box.left, ", top ", map.source_box.top,
                     ", width ", map.source_box.width, ", height ", map.source_box.height,
                     ") is not inside its source of ", source_columns, " x ", source_rows, " pixels."));
  }
  return absl::OkStatus();
}

cv::Mat1f ActivationField(const ActivationMap& map, cv::Size size) {
  const cv::Mat1f coarse(map.rows, map.columns, const_cast<float*>(map.values.data()));  // read only
  cv::Mat1f field;
  cv::resize(coarse, field, size, 0, 0, cv::INTER_CUBIC);
  return field;
}

std::vector<Polygon> FindSalientRegions(const ActivationMap& map, int source_rows, int source_columns, double threshold,
                                        int max_regions) {
  const cv::Size grid = GridSize(map);
  const cv::Mat1b mask = ActivationField(map, grid) >= threshold;
  std::vector<Region> regions = RegionsOf(mask);
  DropSpecks(regions, grid.area(), max_regions);
  std::vector<Polygon> polygons;
  for (const Region& region : regions) {
    polygons.push_back(InSourcePixels(Outline(region.contour, grid), grid, map, source_rows, source_columns));
  }
  return polygons;
}

}  // namespace cxr
