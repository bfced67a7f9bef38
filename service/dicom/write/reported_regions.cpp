// SPDX-License-Identifier: Apache-2.0
#include "service/dicom/write/reported_regions.h"

#include <algorithm>
#include <utility>

namespace cxr {
namespace {

// The rest of a speckled map says nothing that its largest regions do not.
constexpr std::size_t kMostRegions = 8;

}  // namespace

std::vector<Polygon> ReportedRegions(const SourceContext& source, const Analysis& analysis) {
  std::vector<Polygon> regions;
  for (const Polygon& region : analysis.salient_regions) {
    if (region.size() < 3 || regions.size() == kMostRegions) continue;
    Polygon inside = region;
    for (PixelPoint& point : inside) {
      point = {std::clamp(point.x, 0.0, static_cast<double>(source.columns)),
               std::clamp(point.y, 0.0, static_cast<double>(source.rows))};
    }
    regions.push_back(FromTheLeft(std::move(inside)));
  }
  return regions;
}

Polygon FromTheLeft(Polygon polygon) {
  const auto left = [](const PixelPoint& a, const PixelPoint& b) { return a.x < b.x || (a.x == b.x && a.y < b.y); };
  std::rotate(polygon.begin(), std::min_element(polygon.begin(), polygon.end(), left), polygon.end());
  if (left(polygon.back(), polygon[1])) std::reverse(polygon.begin() + 1, polygon.end());
  return polygon;
}

}  // namespace cxr
