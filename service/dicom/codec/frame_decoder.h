// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "service/dicom/read/pixel_layout.h"
#include "service/dicom/read/read_limits.h"

namespace cxr {

/// A decompressed frame: little endian words as `layout` says.
struct DecodedFrame {
  std::string bytes;
  PixelLayout layout;
};

/// Registers DCMTK's JPEG decoders. Once per process, before the first DecodeFrame.
void RegisterDecoders();

/// Decompresses the single greyscale frame in `fragments`. The stored values come out as they were compressed:
/// MONOCHROME1 is not inverted, no rescale is applied. The codestream says which codec it needs, whatever the transfer
/// syntax says. Before a codec runs, the size the codestream states must be that of `layout` and within `limits`, so a
/// small file cannot ask for much memory. Nothing is repaired: a frame of which any part is damaged or missing is
/// refused. Failures: kUnsupportedTransferSyntax, kUndecodablePixelData, kInvalidImageSize.
[[nodiscard]] absl::StatusOr<DecodedFrame> DecodeFrame(const std::vector<absl::string_view>& fragments,
                                                       absl::string_view transfer_syntax_uid, const PixelLayout& layout,
                                                       const ReadLimits& limits);

}  // namespace cxr
