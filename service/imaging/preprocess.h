// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "service/core/image.h"

namespace cxr {

/// The size a network wants its input in, in pixels.
struct InputSize {
  int rows = 224;
  int columns = 224;
};

/// The one transform between a display image and a network, for serving and training alike: squashes `image` to
/// `size` with antialiased bilinear interpolation (triangle filter, stretched by the shrink factor, half-pixel centres:
/// what PIL's `resize(BILINEAR)` and ATen's `_upsample_bilinear2d_aa` compute) and maps 0..255 to -1..1 (x / 127.5 -
/// 1). Returns size.rows x size.columns values, row by row from the top left. Pure and thread-safe. Throws
/// std::invalid_argument when a size is not positive or `image.pixels` is not rows x columns long.
[[nodiscard]] std::vector<float> Preprocess(const GrayImage& image, InputSize size);

}  // namespace cxr
