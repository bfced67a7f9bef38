// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "service/core/image.h"

namespace cxr {

/// What an image file does not say of itself. Texts are UTF-8; empty means not stated.
struct WrapOptions {
  std::string file_name = {};          ///< name of the image file without folder; part of what the UIDs depend on
  std::string patient_name = {};       ///< PN, for example "Phantom^Chest"
  std::string patient_id = {};         ///< LO
  std::string patient_age = {};        ///< AS, for example "003Y"
  std::string patient_sex = {};        ///< "M", "F" or "O"
  std::string study_date = {};         ///< DA
  std::string study_description = {};  ///< LO; "Wrapped image" when empty
  bool lossy = false;                  ///< the image comes from a lossy JPEG
};

/// Wraps an 8-bit image as Digital X-Ray Image - For Presentation (PS3.3 A.26), MONOCHROME2, window 128/256, body
/// part chest, view not stated. The pixel spacing that this IOD requires is a nominal 1 mm and said to be so. UIDs
/// depend on pixels and file name alone. Failure: InvalidArgument for an empty or inconsistent image or an option
/// that is invalid for its VR.
[[nodiscard]] absl::StatusOr<std::string> WrapImageAsDx(const GrayImage& image, const WrapOptions& options);

}  // namespace cxr
