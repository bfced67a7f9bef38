// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "service/core/image.h"

namespace cxr {

/// Reads a JPEG or PNG file as 8-bit greyscale, as stored (an EXIF orientation is ignored). Thread-safe. The error
/// names the file.
[[nodiscard]] absl::StatusOr<GrayImage> ReadPicture(const std::string& path);

}  // namespace cxr
