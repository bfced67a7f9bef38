// SPDX-License-Identifier: Apache-2.0
#include "service/imaging/activation_field.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "absl/strings/str_cat.h"
#include "service/core/failure.h"

namespace cxr {
namespace {

constexpr int kMaxMapSide = 1024;

bool IsInside(const PixelBox& box, int rows, int columns) {
  constexpr double kTolerance = 1e-6;  // sums of doubles
  return box.left >= -kTolerance && box.top >= -kTolerance && box.width > 0 && box.height > 0 &&
         box.left + box.width <= columns + kTolerance && box.top + box.height <= rows + kTolerance;
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

}  // namespace cxr
