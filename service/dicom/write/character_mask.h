// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace cxr {

/// `text` with an 'x' for each character beyond ASCII, and without the escape sequences of code extensions (PS3.5,
/// 6.1.2.5): as many bytes as characters, and every delimiter is one. In the multi-byte sets a byte of a character may
/// look like a backslash, '=' or '^'. `character_set` is the value of SpecificCharacterSet (0008,0005).
[[nodiscard]] std::string MaskCharacters(absl::string_view text, absl::string_view character_set);

}  // namespace cxr
