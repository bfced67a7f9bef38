// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "absl/status/status.h"
#include "trainer/curves.h"
#include "trainer/dataset.h"
#include "trainer/loss.h"
#include "trainer/network.h"
#include "trainer/patient_split.h"
#include "trainer/run_context.h"

namespace cxr {

/// Trains all layers for options.fine_tune_epochs epochs: AdamW, linear warm-up over the first tenth and cosine decay,
/// an exponential moving average of the weights. On success `network` holds the averaged weights. Each epoch is
/// validated with them and adds a row to `curves`. Cancelled when `stop` is requested.
[[nodiscard]] absl::Status FineTune(const TrainOptions& options, const Split& split, const Loss& loss,
                                    const RunContext& context, TrainableNetwork& network, Curves& curves);

/// The metrics of `network`, frozen as it would be served, with the class of the largest probability as its prediction.
[[nodiscard]] absl::StatusOr<Metrics> Validate(const TrainOptions& options, const std::vector<Sample>& samples,
                                               const RunContext& context, const TrainableNetwork& network);

}  // namespace cxr
