// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "absl/status/status.h"

namespace cxr {

/// Replaces `path` by `content` so that at every moment, even after a power failure, it is whole: the old or the new
/// one. Writes PATH.partial beside it, syncs it, renames it. The error names the file and what the system said.
[[nodiscard]] absl::Status ReplaceFile(const std::string& path, const std::string& content);

/// Writes a file over whatever was there, without such care: for what can be made again. The error names it.
[[nodiscard]] absl::Status WriteFile(const std::string& path, const std::string& content);

}  // namespace cxr
