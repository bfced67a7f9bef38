// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "service/dicom/codec/jpeg_scan.h"

namespace cxr {

/// Decodes a scan of the lossless process (ITU-T T.81, annex H) into little endian words of 8 bits, or 16 if its
/// precision is more than 8. InvalidArgument, with what is wrong as a clause, when a code is damaged, when codes end
/// early or are left over, or when a sample is outside its precision: nothing is repaired. Written here because the
/// library fills what is missing.
[[nodiscard]] absl::StatusOr<std::string> DecodeJpegLossless(const JpegScan& scan);

}  // namespace cxr
