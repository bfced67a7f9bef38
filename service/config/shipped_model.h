// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include "absl/status/statusor.h"

namespace cxr {

/// The folder of the model that ships with the executable: the only one in ../share/cxr-triage/models beside the folder
/// of `executable`. The build tree and an installation have the same layout. Fails with kNotFound when there is no
/// model there, or more than one; the message says what to do.
[[nodiscard]] absl::StatusOr<std::string> FindShippedModel(const std::filesystem::path& executable);

}  // namespace cxr
