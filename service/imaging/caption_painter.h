// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <opencv2/core.hpp>

#include "service/core/result_words.h"
#include "service/imaging/colour_scale.h"

namespace cxr {

/// Draws the caption into translucent bands along the upper and lower edge of `canvas` (CV_8UC3, RGB), and the legend
/// of `scale` into the lower one. The finding is coloured by the conclusion, cautions are amber. Lines that are too
/// long are wrapped. The text keeps a size that can be read: a canvas on which it would cover the radiograph shows
/// headings and purpose, or the purpose alone. Throws cv::Exception.
void PaintCaption(const Caption& caption, const ColourScale& scale, cv::Mat3b canvas);

}  // namespace cxr
