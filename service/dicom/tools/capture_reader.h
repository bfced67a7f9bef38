// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "service/core/image.h"

namespace cxr {

/// The image of a Secondary Capture as this project writes them: RGB, 8 bit, colour by pixel, not compressed. For
/// clients that show a capture without a viewer. Failure: the reasons of the DICOM parser, and kUndecodablePixelData
/// for another kind of image.
[[nodiscard]] absl::StatusOr<RgbImage> ReadCapture(absl::string_view dicom);

}  // namespace cxr
