// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "absl/types/optional.h"
#include "service/dicom/codec/jpeg_ls_scan.h"

namespace cxr {

/// Decodes a JPEG-LS scan, lossless or near-lossless (ITU-T T.87, annex A), into little endian words of 8 bits, or 16
/// if its precision is more than 8. Nothing when it is damaged, ends before its last sample or goes on
/// behind it. The time is bounded by
/// the number of samples, whatever the bytes say; written here because CharLS, which GDCM uses, may spend seconds on
/// a damaged stream of two kilobytes.
[[nodiscard]] absl::optional<std::string> DecodeJpegLs(const JpegLsScan& scan);

}  // namespace cxr
