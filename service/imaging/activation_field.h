// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <opencv2/core.hpp>
#include <vector>

#include "absl/status/status.h"
#include "service/core/classification.h"
#include "service/core/image.h"

namespace cxr {

/// Checks that `map` can be drawn over a source of that size: values fit rows x columns (each side 1024 at most), each
/// value is within 0..1, and the source box lies inside the source. Failure: kInternal, naming what is wrong.
[[nodiscard]] absl::Status CheckActivationMap(const ActivationMap& map, int source_rows, int source_columns);

/// The map interpolated smoothly (bicubic, half-pixel centres) to `size`, as 32-bit floats: activations, which the
/// interpolation may carry a little beyond 0 and 1. The map
/// has been checked; `size` covers exactly the map's source box. Throws cv::Exception.
[[nodiscard]] cv::Mat1f ActivationField(const ActivationMap& map, cv::Size size);

/// The outer contours of the locations of `map` with an activation of `threshold` or more, as closed polygons of three
/// or more points in source pixels (PS3.3 C.18.6.1.1), inside 0..columns x 0..rows, largest first, `max_regions` at
/// most. Specks beside larger regions are dropped. Empty when no location reaches the threshold. The map has been
/// checked. Throws cv::Exception.
[[nodiscard]] std::vector<Polygon> FindSalientRegions(const ActivationMap& map, int source_rows, int source_columns,
                                                      double threshold, int max_regions);

}  // namespace cxr
