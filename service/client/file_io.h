// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace cxr {

/// The whole file, 1 GiB at most. Failure: InvalidArgument, naming the file.
[[nodiscard]] absl::StatusOr<std::string> ReadFile(const std::string& path);

/// Writes the file whole or not at all: nobody sees half of it. Failure: Internal, naming the file.
[[nodiscard]] absl::Status WriteFile(const std::string& path, absl::string_view content);

}  // namespace cxr
