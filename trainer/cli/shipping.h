// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "trainer/data/patient_split.h"
#include "trainer/data/run_context.h"
#include "trainer/learn/network.h"

namespace cxr {

/// Lists options.data and holds patients out for validation. The error says when there are too few.
[[nodiscard]] absl::StatusOr<Split> MakeSplit(const TrainOptions& options);

/// Calibrates a trained network on split.validation and writes it as a model (model.pt, ood.safetensors, manifest.json,
/// MODEL_CARD.md) into `model_folder`. Judges that model as it is served: split.validation into options.out
/// (metrics.json, predictions.csv, plots, report.html), split.test, where there is one, into options.out/test; the
/// tables on stdout.
[[nodiscard]] absl::Status Ship(const TrainOptions& options, const Split& split, const RunContext& context,
                                const TrainableNetwork& network, const std::string& model_folder);

}  // namespace cxr
