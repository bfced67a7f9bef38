// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/types/optional.h"
#include "trainer/learn/network.h"
#include "trainer/report/report.h"

namespace cxr {

/// What was chosen for a trained network, and on how many.
struct ModelFigures {
  double temperature = 1;
  double operating_point = 0.5;
  std::size_t training_pictures = 0;
  std::size_t training_patients = 0;
  std::size_t validation_patients = 0;
  std::size_t test_patients = 0;
};

/// What a model card says of how good the model is.
struct CardFigures {
  Judgement validation;
  absl::optional<Judgement> test;  ///< of patients who had no part in anything
};

/// Writes model.pt and manifest.json into `directory`, which is created.
[[nodiscard]] absl::Status WriteModel(const TrainOptions& options, const TrainableNetwork& network,
                                      const ModelFigures& figures, const std::string& directory);

/// Writes MODEL_CARD.md beside the model in `directory`, with the text of options.cross_validation where it is set.
[[nodiscard]] absl::Status WriteCard(const TrainOptions& options, const ModelFigures& figures,
                                     const CardFigures& judged, const std::string& directory);

/// MODEL_CARD.md. `cross_validation` is the table of a cross-validation, or empty.
[[nodiscard]] std::string FormatModelCard(const TrainOptions& options, const ModelFigures& figures,
                                          const CardFigures& judged, const std::string& sha256,
                                          const std::string& cross_validation);

}  // namespace cxr
