// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "absl/status/status.h"
#include "service/dicom/codec/jpeg_scan.h"

namespace cxr {

/// Reads every code of a baseline or extended scan (ITU-T T.81, annex F) without decoding it. InvalidArgument, with
/// what is wrong as a clause, when a code is damaged, when codes end before the last block or are left over, or when a
/// coefficient is beyond what its precision can give. The library that decodes fills what is missing with grey instead.
[[nodiscard]] absl::Status CheckJpegDct(const JpegScan& scan);

}  // namespace cxr
