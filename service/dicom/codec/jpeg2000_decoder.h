// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "service/dicom/codec/codestream_header.h"

namespace cxr {

/// Decodes a JPEG 2000 codestream of one component into little endian words of 8 bits, or 16 if its precision is more
/// than 8. `header` must be that of the codestream, and `lossless` says that it
/// was coded without loss, so that no sample may be beyond the precision. InvalidArgument, with what is wrong as a
/// clause, when the codestream is damaged in any way that the decoder notices, when it takes more than `most_time` of
/// the thread's processor time; the clock is looked at whenever the decoder asks for more bytes. OpenJPEG's, because
/// DCMTK has no JPEG 2000 and GDCM lets it print to the standard error stream.
[[nodiscard]] absl::StatusOr<std::string> DecodeJpeg2000(absl::string_view codestream, const CodestreamHeader& header,
                                                         bool lossless, std::chrono::milliseconds most_time);

}  // namespace cxr
