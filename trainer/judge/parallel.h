// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>

#include "absl/status/status.h"

namespace cxr {

/// Calls work(0) .. work(count - 1), each once, from `threads` threads that use one operator thread each. Stops at the
/// first error and returns it. `work` must be thread-safe.
[[nodiscard]] absl::Status ParallelFor(std::size_t count, int threads,
                                       const std::function<absl::Status(std::size_t)>& work);

}  // namespace cxr
