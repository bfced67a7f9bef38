// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "absl/status/statusor.h"
#include "trainer/data/run_context.h"
#include "trainer/data/split.h"
#include "trainer/learn/curves.h"
#include "trainer/learn/network.h"
#include "trainer/learn/train_options.h"

namespace cxr {

/// What training ends with.
struct TrainedNetwork {
  TrainableNetwork network;
  Curves curves;
};

/// Lists options.data and holds patients out for validation. The error says when there are too few.
[[nodiscard]] absl::StatusOr<Split> MakeSplit(const TrainOptions& options);

/// Both stages on split.training, in the folder options.out, which is prepared (split.csv, environment.json,
/// samples.png, curves.csv, checkpoint.pt). Metrics and model of an earlier run there are no longer valid and go away,
/// except when the run cannot go on from its checkpoint. Cancelled when a stop is requested.
[[nodiscard]] absl::StatusOr<TrainedNetwork> TrainNetwork(const TrainOptions& options, const Split& split,
                                                          const RunContext& context);

}  // namespace cxr
