// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "service/core/image.h"
#include "service/dicom/tools/image_wrapper.h"

namespace cxr {

/// Whether a file that begins so is a PNG or JPEG image.
[[nodiscard]] bool LooksLikeImageFile(absl::string_view bytes);

/// Decodes a PNG or JPEG to 8-bit grey (colours by luma, 16 bit by its upper half). Failure: InvalidArgument for what
/// cannot be decoded or has more than 100 million pixels.
[[nodiscard]] absl::StatusOr<GrayImage> DecodeImageFile(absl::string_view bytes);

/// Decodes and wraps an image file as DX for presentation. `options.lossy` is set here.
[[nodiscard]] absl::StatusOr<std::string> WrapImageFile(absl::string_view bytes, WrapOptions options);

/// Encodes an RGB image as PNG. Failure: Internal.
[[nodiscard]] absl::StatusOr<std::string> EncodePng(const RgbImage& image);

}  // namespace cxr
