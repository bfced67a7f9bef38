// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "absl/types/optional.h"
#include "trainer/judge/judgement.h"
#include "trainer/learn/model_package.h"
#include "trainer/learn/train_options.h"

namespace cxr {

/// What a model card says of how good the model is.
struct CardFigures {
  Judgement validation;
  absl::optional<Judgement> test;  ///< of patients who had no part in anything
};

/// MODEL_CARD.md of a model whose file has the given SHA-256. `cross_validation` is the table of a cross-validation of
/// the recipe, or empty.
[[nodiscard]] std::string FormatModelCard(const TrainOptions& options, const ModelFigures& figures,
                                          const CardFigures& judged, const std::string& sha256,
                                          const std::string& cross_validation);

}  // namespace cxr
