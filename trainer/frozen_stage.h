// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "absl/status/status.h"
#include "trainer/curves.h"
#include "trainer/dataset.h"
#include "trainer/loss.h"
#include "trainer/network.h"
#include "trainer/run_context.h"

namespace cxr {

/// Trains the head on the frozen backbone: every picture (and its augmented views) goes through the backbone once, the
/// pooled features are kept in memory, and the epochs over them take seconds. Adds one row per epoch to `curves`.
[[nodiscard]] absl::Status TrainFrozen(const TrainOptions& options, const std::vector<Sample>& training,
                                       const Loss& loss, const RunContext& context, TrainableNetwork& network,
                                       Curves& curves);

}  // namespace cxr
