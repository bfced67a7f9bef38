// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "service/dicom/read/dicom_parser.h"
#include "service/dicom/read/pixel_layout.h"

namespace cxr {

/// Pixel Data as it lies in the source; points into the parsed bytes.
struct PixelData {
  bool encapsulated = false;
  absl::string_view native;                  ///< when not encapsulated: at least PixelLayout::bytes()
  std::vector<absl::string_view> fragments;  ///< when encapsulated: one or more, without the offset table (PS3.5, A.4)
};

/// Checks that all of Pixel Data is there. A missing delimiter behind the last fragment does not matter. Failures:
/// kTruncated; kUndecodablePixelData when the list of fragments is damaged; kNoPixelData when the value is empty.
[[nodiscard]] absl::StatusOr<PixelData> LocatePixelData(const PixelElement& element, const PixelLayout& layout);

}  // namespace cxr
