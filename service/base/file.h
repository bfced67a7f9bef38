// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"

namespace cxr {

/// The bytes of a regular file of at most `limit` bytes. The error names the path, what is wrong and the limit.
[[nodiscard]] absl::StatusOr<std::string> ReadFile(const std::string& path, std::uint64_t limit);

}  // namespace cxr
