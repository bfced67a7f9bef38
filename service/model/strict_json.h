// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "nlohmann/json.hpp"

namespace cxr {

/// Parses a JSON text (RFC 8259) in which no object names a key twice: parsers keep one of the two values without a
/// word, and not all of them the same. The error names the key, with those of the objects around it:
/// "population.description".
[[nodiscard]] absl::StatusOr<nlohmann::json> ParseStrictJson(absl::string_view text);

}  // namespace cxr
