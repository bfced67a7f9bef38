// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "absl/status/statusor.h"

namespace cxr {

/// 7 of "features.7", a block of the backbone; 0 to 18. The error says what was expected.
[[nodiscard]] absl::StatusOr<int> ParseBlock(const std::string& name);

}  // namespace cxr
