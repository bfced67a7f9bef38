// SPDX-License-Identifier: Apache-2.0
#include "service/imaging/salient_regions.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <utility>

#include "service/imaging/activation_field.h"

namespace cxr {
namespace {

constexpr int kGridLongSide = 1024;  // fine enough for any map, and its cost does not grow with the film
constexpr double kSimplification =
    1.5;  // in grid cells: just more than the steps of the grid, invisible in the picture
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
