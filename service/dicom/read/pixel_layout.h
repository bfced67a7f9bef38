// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "service/dicom/read/attribute.h"
#include "service/dicom/read/read_limits.h"

namespace cxr {

/// The Image Pixel module (PS3.3 C.7.6.3), checked: sides, bits and samples are within what is accepted and do not
/// contradict each other.
struct PixelLayout {
  int rows = 0;
  int columns = 0;
  std::int64_t frames = 1;
  int samples = 1;
  std::string photometric;  ///< upper case
  int bits_allocated = 16;  ///< 8, 16 or 32
  int bits_stored = 16;     ///< 1 to bits_allocated
  int high_bit = 15;        ///< bits_stored - 1 to bits_allocated - 1
  bool is_signed = false;

  /// Bytes of all frames, uncompressed.
  [[nodiscard]] std::int64_t bytes() const;

  [[nodiscard]] std::int64_t pixels_per_frame() const { return std::int64_t{rows} * columns; }
};

/// Failure: kInvalidImageSize.
[[nodiscard]] absl::StatusOr<PixelLayout> ReadPixelLayout(DcmItem& dataset, const ReadLimits& limits);

}  // namespace cxr
