// SPDX-License-Identifier: Apache-2.0
#include "trainer/judge/thorax_mask.h"

#include <algorithm>
#include <cmath>
#include <opencv2/core.hpp>

#include "service/imaging/activation_field.h"

namespace cxr {
namespace {

constexpr int kSide = 224;

}  // namespace

bool ThoraxMask::Holds(double x, double y) const {
  if (y < top || y > bottom) return false;
  const double half_width = top_half_width + (bottom_half_width - top_half_width) * (y - top) / (bottom - top);
  return std::abs(x - 0.5) <= half_width;
}

double ThoraxMask::Area() const {
  return (top_half_width + bottom_half_width) * (bottom - top);
}

absl::optional<double> ShareInside(const ClassMap& map, const ThoraxMask& mask) {
  const ActivationMap activation{map.rows, map.columns, map.values, {0, 0, kSide, kSide}, Pattern::kNormal};
  cv::Mat1f field = ActivationField(activation, {kSide, kSide});
  cv::max(field, 0.0, field);  // cubic interpolation swings below zero
  double inside = 0;
  double all = 0;
  for (int row = 0; row < kSide; ++row) {
    for (int column = 0; column < kSide; ++column) {
      const double value = field(row, column);
      all += value;
      if (mask.Holds((column + 0.5) / kSide, (row + 0.5) / kSide)) inside += value;
    }
  }
  if (all <= 0) return absl::nullopt;
  return inside / all;
}

bool PeakInside(const ClassMap& map, const ThoraxMask& mask) {
  const auto peak = static_cast<int>(std::max_element(map.values.begin(), map.values.end()) - map.values.begin());
  return mask.Holds((peak % map.columns + 0.5) / map.columns, (peak / map.columns + 0.5) / map.rows);
}

}  // namespace cxr
