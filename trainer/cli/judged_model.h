// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "absl/status/status.h"
#include "trainer/data/run_context.h"
#include "trainer/data/split.h"
#include "trainer/learn/curves.h"
#include "trainer/learn/train_options.h"

namespace cxr {

struct TrainableNetwork;

/// Calibrates a trained network on split.validation and writes it as a model (model.pt, ood.safetensors, manifest.json,
/// MODEL_CARD.md) into `model_folder`. Judges that model as it is served: split.validation into options.out
/// (metrics.json, predictions.csv, plots, report.html), split.test, where there is one, into options.out/test; the
/// tables on stdout. The reports hold the run's curves and OUT/samples.png where `curves` is given; null for an export.
/// The card is the last file and stands for all others; see FinishFolder.
[[nodiscard]] absl::Status WriteJudgedModel(const TrainOptions& options, const Split& split, const RunContext& context,
                                            const TrainableNetwork& network, const Curves* curves,
                                            const std::string& model_folder);

}  // namespace cxr
