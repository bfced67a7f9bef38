// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "service/core/image.h"
#include "service/core/radiograph.h"

namespace cxr {

/// Reads labelled images from files. Thread-safe.
class ImageReader {
 public:
  /// Failure: what the DICOM reader needs is not installed.
  [[nodiscard]] static absl::StatusOr<std::unique_ptr<ImageReader>> Create();

  /// Reads JPEG and PNG as 8-bit greyscale, turned as its EXIF orientation says, and DICOM (.dcm) as display
  /// values through the reader that serves, turned upright as its Patient Orientation says. The error names the file
  /// and what was expected.
  [[nodiscard]] absl::StatusOr<GrayImage> Read(const std::string& path) const;

 private:
  explicit ImageReader(std::unique_ptr<RadiographReader> dicom);
  std::unique_ptr<RadiographReader> dicom_;
};

}  // namespace cxr
