// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "service/core/classification.h"
#include "service/core/image.h"

namespace cxr {

/// The outer contours of the locations of `map` with an activation of `threshold` or more, as closed polygons of three
/// or more points in source pixels (PS3.3 C.18.6.1.1), inside 0..columns x 0..rows, largest first, `max_regions` at
/// most. Specks beside larger regions are dropped. Empty when no location reaches the threshold. The map has been
/// checked. Throws cv::Exception.
[[nodiscard]] std::vector<Polygon> FindSalientRegions(const ActivationMap& map, int source_rows, int source_columns,
                                                      double threshold, int max_regions);

}  // namespace cxr
