// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "absl/strings/string_view.h"
#include "service/core/image.h"
#include "service/dicom/display/display_curve.h"
#include "service/dicom/read/pixel_layout.h"

namespace cxr {

/// One frame of stored words, as they lie in memory.
struct StoredFrame {
  absl::string_view bytes;  ///< at least rows x columns words; need not be aligned
  PixelLayout layout;       ///< of these words; samples is 1
  bool big_endian = false;  ///< of the words
};

/// Maps every stored value of a frame to its display value, after fitting `curve` to the frame if it needs that.
[[nodiscard]] GrayImage MapToDisplay(const StoredFrame& frame, DisplayCurve& curve);

}  // namespace cxr
