// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace cxr {

/// The bytes of a regular file of at most `limit` bytes. The error names the path and what is wrong: kNotFound for what
/// is missing, a folder, no regular file or not readable; kInvalidArgument, with the limit, for what is too large.
[[nodiscard]] absl::StatusOr<std::string> ReadFile(const std::string& path, std::uint64_t limit);

/// Replaces `path` by `content` so that at every moment, even after a power failure, it is whole: the old file or the
/// new one. Writes PATH.partial beside it, syncs it, renames it, syncs the folder. On failure PATH is as it was and
/// PATH.partial is removed; kUnavailable, naming the file and what the system said. Two writers of one path at the same
/// time are not supported.
[[nodiscard]] absl::Status ReplaceFile(const std::string& path, absl::string_view content);

}  // namespace cxr
