// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "trainer/judge/metrics.h"

namespace cxr {

/// A plot that was written.
struct Plot {
  std::string path;  ///< PNG
  std::string title;
  std::string meaning;  ///< what it shows and how to read it, for people
};

/// Draws confusion.png, roc.png and reliability.png into `directory`, which exists. One thread at a time. The error
/// says what is missing or cannot be written.
[[nodiscard]] absl::StatusOr<std::vector<Plot>> DrawJudgementPlots(const std::vector<Prediction>& predictions,
                                                                   const Metrics& metrics,
                                                                   const std::string& directory);

/// Draws curve_FIGURE.png into `directory` for each figure of a run's curves (CSV with the columns stage, epoch and
/// training_FIGURE or validation_FIGURE in any number; cells may be empty): training and validation over the epochs of
/// the run. Figures per class (FIGURE_CLASS) share one plot. Figures with fewer than two values are left out.
[[nodiscard]] absl::StatusOr<std::vector<Plot>> DrawTrainingCurves(const std::string& csv,
                                                                   const std::string& directory);

}  // namespace cxr
