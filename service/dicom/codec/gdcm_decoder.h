// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "service/dicom/codec/codestream_header.h"

namespace cxr {

/// Decodes a JPEG 2000 codestream of one component into little endian words of 8 bits, or 16 if its precision is more
/// than 8. `header` must be that of the codestream: GDCM takes its buffer's size from it. Nothing when the codestream
/// is damaged. GDCM's, because DCMTK has no JPEG 2000.
[[nodiscard]] absl::optional<std::string> DecodeJpeg2000(absl::string_view codestream, const CodestreamHeader& header);

}  // namespace cxr
