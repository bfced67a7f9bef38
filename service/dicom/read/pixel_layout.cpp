// SPDX-License-Identifier: Apache-2.0
#include "service/dicom/read/pixel_layout.h"

#include <dcmtk/dcmdata/dcdeftag.h>

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "service/base/failure.h"

namespace cxr {
namespace {

absl::Status Invalid(absl::string_view message) {
  return Failure(FailureReason::kInvalidImageSize, message);
}

absl::Status CheckSize(long rows, long columns, const ReadLimits& limits) {
  if (rows < 1 || columns < 1) {
    return Invalid(absl::StrCat("Rows and Columns are ", rows, " and ", columns, " or missing; expected 1 or more."));
  }
  if (rows > limits.max_side || columns > limits.max_side || std::int64_t{rows} * columns > limits.max_pixels) {
    return Invalid(absl::StrCat("The image has ", rows, " rows and ", columns, " columns; accepted are sides up to ",
                                limits.max_side, " and ", limits.max_pixels, " pixels."));
  }
  return absl::OkStatus();
}

absl::Status CheckBits(long allocated, long stored, long high_bit) {
  if (allocated != 8 && allocated != 16 && allocated != 32) {
    return Invalid(absl::StrCat("Bits Allocated is ", allocated, " or missing; expected 8, 16 or 32."));
  }
  if (stored < 1 || stored > allocated) {
    return Invalid(
        absl::StrCat("Bits Stored is ", stored, " or missing; expected 1 to Bits Allocated, ", allocated, "."));
  }
  if (high_bit < stored - 1 || high_bit >= allocated) {
    return Invalid(absl::StrCat("High Bit is ", high_bit, "; expected ", stored - 1, " to ", allocated - 1, "."));
  }
  return absl::OkStatus();
}

}  // namespace

std::int64_t PixelLayout::bytes() const {
  const std::int64_t pixels = pixels_per_frame() * frames;
  // YBR_FULL_422 stores two luminances and one pair of chrominances for every two pixels (PS3.3 C.7.6.3.1.2).
  if (photometric == "YBR_FULL_422") return pixels * 2 * (bits_allocated / 8);
  return pixels * samples * (bits_allocated / 8);
}

absl::StatusOr<PixelLayout> ReadPixelLayout(DcmItem& dataset, const ReadLimits& limits) {
  const long rows = FirstInteger(dataset, DCM_Rows).value_or(0);
  const long columns = FirstInteger(dataset, DCM_Columns).value_or(0);
  absl::Status size = CheckSize(rows, columns, limits);
  if (!size.ok()) return size;
  const long allocated = FirstInteger(dataset, DCM_BitsAllocated).value_or(0);
  const long stored = FirstInteger(dataset, DCM_BitsStored).value_or(0);
  const long high_bit = FirstInteger(dataset, DCM_HighBit).value_or(stored - 1);
  absl::Status bits = CheckBits(allocated, stored, high_bit);
  if (!bits.ok()) return bits;
  const long samples = FirstInteger(dataset, DCM_SamplesPerPixel).value_or(1);
  if (samples < 1 || samples > 4) return Invalid(absl::StrCat("Samples per Pixel is ", samples, "; expected 1 to 4."));
  const long frames = FirstInteger(dataset, DCM_NumberOfFrames).value_or(1);

  PixelLayout layout;
  layout.rows = static_cast<int>(rows);
  layout.columns = static_cast<int>(columns);
  layout.frames = std::max(1L, frames);  // 0 is written by devices that mean one
  layout.samples = static_cast<int>(samples);
  layout.photometric = FirstTextUpper(dataset, DCM_PhotometricInterpretation);
  layout.bits_allocated = static_cast<int>(allocated);
  layout.bits_stored = static_cast<int>(stored);
  layout.high_bit = static_cast<int>(high_bit);
  layout.is_signed = FirstInteger(dataset, DCM_PixelRepresentation).value_or(0) == 1;
  return layout;
}

}  // namespace cxr
