// SPDX-License-Identifier: Apache-2.0
#include "service/dicom/reported_regions.h"

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
    regions.push_back(std::move(inside));
  }
  return regions;
}

}  // namespace cxr
