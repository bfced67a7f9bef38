// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "service/dicom/codec/huffman_reader.h"

namespace cxr {

/// How a JPEG codestream is coded (ITU-T T.81, table B.1), as far as it is read here.
enum class JpegProcess { kBaseline, kExtended, kLossless };

/// The only scan of a greyscale JPEG codestream, Huffman coded, one component.
struct JpegScan {
  JpegProcess process = JpegProcess::kBaseline;
  int rows = 0;
  int columns = 0;
  int precision = 0;                         ///< bits of a sample, 2 to 16
  int predictor = 0;                         ///< of the lossless process, 1 to 7
  int point_transform = 0;                   ///< of the lossless process: bits that were shifted out
  int first_quantum = 1;                     ///< of the others: what the first coefficient is quantized by
  int restart_interval = 0;                  ///< in samples (lossless) or blocks; 0 when there are no restarts
  HuffmanTable first_table;                  ///< of differences (lossless) or first coefficients
  HuffmanTable further_table;                ///< of the other coefficients
  std::vector<absl::string_view> intervals;  ///< entropy-coded bytes between restart markers; one or more
};

/// Reads tables, frame and scan and finds the entropy-coded bytes. InvalidArgument, with what is wrong as a clause for
/// people, when the codestream is damaged, ends early, has more than one scan, or is of another process (progressive,
/// hierarchical, arithmetic coding).
[[nodiscard]] absl::StatusOr<JpegScan> ReadJpegScan(absl::string_view codestream);

/// InvalidArgument unless the scan has as many restart intervals as samples or blocks ask for, `units` of them.
[[nodiscard]] absl::Status CheckIntervals(const JpegScan& scan, std::int64_t units);

/// InvalidArgument unless the reader of an interval read codes alone and all of them: a few bits that fill up the last
/// byte may be left.
[[nodiscard]] absl::Status CheckEnd(HuffmanReader& reader);

}  // namespace cxr
