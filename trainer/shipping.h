// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "trainer/network.h"
#include "trainer/patient_split.h"
#include "trainer/run_context.h"

namespace cxr {

/// Lists options.data and holds patients out for validation. The error says when there are too few.
[[nodiscard]] absl::StatusOr<Split> MakeSplit(const TrainOptions& options);

/// Calibrates and judges a trained network on split.validation: metrics.json and predictions.csv in options.out, the
/// table on stdout. Then writes model.pt, manifest.json and MODEL_CARD.md into `model_folder`.
[[nodiscard]] absl::Status Ship(const TrainOptions& options, const Split& split, const RunContext& context,
                                const TrainableNetwork& network, const std::string& model_folder);

}  // namespace cxr
