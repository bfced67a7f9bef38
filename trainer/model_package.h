// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "absl/status/status.h"
#include "trainer/network.h"
#include "trainer/report.h"

namespace cxr {

/// What was found out about a trained network on validation.
struct ModelFigures {
  double temperature = 1;
  double operating_point = 0.5;
  std::size_t training_pictures = 0;
  std::size_t training_patients = 0;
  std::size_t validation_patients = 0;
};

/// Writes model.pt, manifest.json and MODEL_CARD.md into `directory`, which is created. `validation` is calibrated and
/// by the decision rule.
[[nodiscard]] absl::Status WriteModel(const TrainOptions& options, const TrainableNetwork& network,
                                      const ModelFigures& figures, const Judgement& validation,
                                      const std::string& directory);

/// MODEL_CARD.md.
[[nodiscard]] std::string FormatModelCard(const TrainOptions& options, const ModelFigures& figures,
                                          const Judgement& validation, const std::string& sha256);

}  // namespace cxr
