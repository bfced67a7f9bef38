// SPDX-License-Identifier: Apache-2.0
#include "service/analyze/region_overlap.h"

#include <algorithm>
#include <cstddef>
#include <limits>

namespace cxr {
namespace {

constexpr int kGrid = 1024;

struct Frame {
  double left = std::numeric_limits<double>::max();
  double top = std::numeric_limits<double>::max();
  double right = std::numeric_limits<double>::lowest();
  double bottom = std::numeric_limits<double>::lowest();

  void Enclose(const std::vector<Polygon>& regions) {
    for (const Polygon& region : regions) {
      for (const PixelPoint& point : region) {
        left = std::min(left, point.x);
        right = std::max(right, point.x);
        top = std::min(top, point.y);
        bottom = std::max(bottom, point.y);
      }
    }
  }
};

/// Where the polygon's border crosses the horizontal line at y, in ascending order.
std::vector<double> Crossings(const Polygon& polygon, double y) {
  std::vector<double> crossings;
  for (std::size_t i = 0; i < polygon.size(); ++i) {
    const PixelPoint& a = polygon[i];
    const PixelPoint& b = polygon[(i + 1) % polygon.size()];
    if ((a.y <= y) != (b.y <= y)) crossings.push_back(a.x + (y - a.y) / (b.y - a.y) * (b.x - a.x));
  }
  std::sort(crossings.begin(), crossings.end());
  return crossings;
}

/// Which grid points of the line at y lie inside any of the regions.
std::vector<bool> Covered(const std::vector<Polygon>& regions, const Frame& frame, double y) {
  std::vector<bool> covered(kGrid, false);
  const double step = (frame.right - frame.left) / kGrid;
  for (const Polygon& region : regions) {
    const std::vector<double> crossings = Crossings(region, y);
    for (std::size_t i = 0; i + 1 < crossings.size(); i += 2) {
      for (int column = 0; column < kGrid; ++column) {
        const double x = frame.left + (column + 0.5) * step;
        if (x >= crossings[i] && x < crossings[i + 1]) covered[static_cast<std::size_t>(column)] = true;
      }
    }
  }
  return covered;
}

}  // namespace

double IntersectionOverUnion(const std::vector<Polygon>& a, const std::vector<Polygon>& b) {
  Frame frame;
  frame.Enclose(a);
  frame.Enclose(b);
  if (frame.right <= frame.left || frame.bottom <= frame.top) return 1;
  long both = 0;
  long any = 0;
  for (int row = 0; row < kGrid; ++row) {
    const double y = frame.top + (row + 0.5) * (frame.bottom - frame.top) / kGrid;
    const std::vector<bool> in_a = Covered(a, frame, y);
    const std::vector<bool> in_b = Covered(b, frame, y);
    for (std::size_t column = 0; column < kGrid; ++column) {
      both += in_a[column] && in_b[column] ? 1 : 0;
      any += in_a[column] || in_b[column] ? 1 : 0;
    }
  }
  return any == 0 ? 1 : static_cast<double>(both) / static_cast<double>(any);
}

}  // namespace cxr
