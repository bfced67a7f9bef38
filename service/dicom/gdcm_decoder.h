// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "service/dicom/codestream_header.h"

namespace cxr {

/// The codecs that are GDCM's: JPEG 2000 because DCMTK has none, JPEG-LS because DCMTK's library exports the C symbols
/// of the one GDCM uses, with another ABI, so that the two cannot be in one process.
enum class GdcmCodec { kJpegLs, kJpeg2000 };

/// Decodes a codestream of one component into little endian words of 8 bits, or 16 if its precision is more than 8.
/// `header` must be that of the codestream: GDCM takes its buffer's size from it. Nothing when the codestream is
/// damaged.
[[nodiscard]] absl::optional<std::string> DecodeWithGdcm(GdcmCodec codec, absl::string_view codestream,
                                                         const CodestreamHeader& header);

}  // namespace cxr
