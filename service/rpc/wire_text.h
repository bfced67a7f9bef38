// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace cxr {

/// `text` as a protobuf string may hold it: unchanged when it is UTF-8 without control characters; otherwise every byte
/// that is not printable ASCII becomes '?'. Sentences may quote values of a hostile source, and a peer refuses a
/// message with invalid text.
[[nodiscard]] std::string WireText(absl::string_view text);

}  // namespace cxr
