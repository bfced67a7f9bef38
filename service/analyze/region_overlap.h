// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "service/core/image.h"

namespace cxr {

/// How far two sets of regions cover the same area: the area of the intersection of their unions divided by that of the
/// union, 0 to 1, measured on a grid of 1024 x 1024 points over what both enclose (equal sets give exactly 1; one
/// point of the grid is 0.1 % of a side). 1 when neither covers anything.
[[nodiscard]] double IntersectionOverUnion(const std::vector<Polygon>& a, const std::vector<Polygon>& b);

}  // namespace cxr
