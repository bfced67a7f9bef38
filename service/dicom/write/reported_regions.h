// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "service/core/analysis.h"
#include "service/dicom/write/source_context.h"

namespace cxr {

/// The salient regions that results outline, in source pixels, inside 0..columns x 0..rows, largest first, eight at
/// most. Coordinates are those of PS3.3 C.18.6 (SCOORD) and C.10.5 (graphic annotations), which agree: 0.0\0.0 is the
/// top left hand corner of the top left hand pixel, whose centre therefore is 0.5\0.5, and Columns\Rows is the bottom
/// right hand corner of the image. Empty when nothing stands out.
[[nodiscard]] std::vector<Polygon> ReportedRegions(const SourceContext& source, const Analysis& analysis);

/// The same outline from its leftmost point, then along its left side. Viewers such as OHIF hang a region's labels on
/// its first two points, to the right of them: there they lie over the image, not beyond its border. ReportedRegions
/// are like this already.
[[nodiscard]] Polygon FromTheLeft(Polygon polygon);

}  // namespace cxr
