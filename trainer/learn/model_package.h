// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

#include "absl/status/statusor.h"
#include "trainer/data/run_context.h"
#include "trainer/data/split.h"
#include "trainer/learn/train_options.h"

namespace cxr {

struct TrainableNetwork;

/// What was chosen for a trained network, and on how many.
struct ModelFigures {
  double temperature = 1;
  double operating_point = 0.5;
  double specificity_operating_point = 0.5;
  std::size_t training_images = 0;
  std::size_t training_patients = 0;
  std::size_t validation_patients = 0;
  std::size_t test_patients = 0;
};

/// Temperature and operating points by the validation patients. With options.balance_recall it first moves the bias of
/// VIRUS in the network's head until both kinds of pneumonia are recalled alike, and says so on stderr.
[[nodiscard]] absl::StatusOr<ModelFigures> CalibrateNetwork(const TrainOptions& options, const Split& split,
                                                            const RunContext& context, const TrainableNetwork& network);

/// Writes model.pt and manifest.json into `folder`, which is created. Returns the SHA-256 of model.pt.
[[nodiscard]] absl::StatusOr<std::string> WriteModel(const TrainOptions& options, const TrainableNetwork& network,
                                                     const ModelFigures& figures, const std::string& folder);

}  // namespace cxr
