// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "absl/strings/string_view.h"
#include "absl/types/optional.h"

namespace cxr {

/// One scan of a single component of a JPEG-LS codestream, and the parameters it is coded with (ITU-T T.87, C.2).
struct JpegLsScan {
  int rows = 0;
  int columns = 0;
  int precision = 0;  ///< bits of a sample, 2 to 16
  int near = 0;       ///< largest error of a sample; 0 is lossless
  int max_value = 0;  ///< of a sample, 1 to 2^precision - 1
  int t1 = 0;         ///< thresholds of the gradients: near < t1 <= t2 <= t3 <= max_value
  int t2 = 0;
  int t3 = 0;
  int reset = 0;            ///< how many samples a context counts before it halves its counters
  absl::string_view coded;  ///< what follows the scan's header, to the end of the codestream
};

/// Reads the segments up to and with the first scan's header; every parameter is within what T.87 allows. Nothing when
/// a segment is damaged, or asks for what DICOM images of one sample per pixel never use: several components, mapping
/// tables, point transforms, restart intervals, sizes beyond 65535.
[[nodiscard]] absl::optional<JpegLsScan> ReadJpegLsScan(absl::string_view codestream);

}  // namespace cxr
