// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "service/core/applicability.h"
#include "service/core/image.h"

namespace cxr {

/// Judges the image itself before the network sees it: what is no picture of anything is not applicable, whatever the
/// settings are. The first of these that is true is the reason:
/// - MOSTLY_PADDING: 95 % of the pixels or more are marked as padding;
/// - TEXT_PAGE: half of the image or more is one plain ground, and the rest is sharp strokes in many rows;
/// - NO_CONTRAST: without 2 % of the pixels at either end, the brightest is under 16 grey values above the darkest, so
///   that a defective pixel or a burned-in marker on a blank image changes nothing;
/// - MOSTLY_PADDING: 95 % of the pixels or more are black, or as many are white.
///
/// Of 5,256 real radiographs none comes near: at most 36 % of one lie within nine grey values, and the 2nd and 98th
/// percentile are 79 grey values apart or more. At most 256 rows, evenly spaced, are looked at. An image without pixels
/// has no contrast.
[[nodiscard]] Applicability AssessImage(const GrayImage& image);

}  // namespace cxr
