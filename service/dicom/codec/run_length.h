// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/types/optional.h"

namespace cxr {

/// Decodes one RLE frame (PS3.5, annex G) into little endian words of `word_bytes` (1 to 4) bytes. Nothing when the
/// header or a segment is damaged or does not yield `pixels` bytes. Written here because GDCM's reader trusts the
/// header's offsets.
[[nodiscard]] absl::optional<std::string> DecodeRunLengths(absl::string_view frame, std::size_t pixels,
                                                           std::size_t word_bytes);

}  // namespace cxr
