// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "absl/status/status.h"
#include "service/core/classifier.h"

namespace cxr {

/// Classifies a drawn image a few times on the calling thread: LibTorch specialises a network in its first runs, and
/// keeps settings and buffers per thread. The error is that of the network.
[[nodiscard]] absl::Status WarmUp(const Classifier& classifier);

}  // namespace cxr
