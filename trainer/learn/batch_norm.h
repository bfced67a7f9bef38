// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "absl/status/status.h"
#include "trainer/data/dataset.h"
#include "trainer/data/run_context.h"
#include "trainer/learn/network.h"

namespace cxr {

/// Measures BatchNorm's means and variances anew for the weights that `network` holds now, over
/// options.batch_norm_batches batches of augmented training pictures: averaged weights never saw the statistics that
/// were averaged beside them. Blocks that are frozen keep theirs. Does nothing for 0. Follows from the seed alone.
/// Cancelled when a stop is requested.
[[nodiscard]] absl::Status ReestimateBatchNorm(const TrainOptions& options, const std::vector<Sample>& training,
                                               const RunContext& context, TrainableNetwork& network);

}  // namespace cxr
