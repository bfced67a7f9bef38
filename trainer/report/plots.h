// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "trainer/judge/metrics.h"
#include "trainer/learn/curves.h"

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

/// Draws curve_FIGURE.png into `directory` for each figure of a run's curves: training and validation over the epochs
/// of the run, the classes of a figure in one plot. Curves with fewer than two values are left out.
[[nodiscard]] absl::StatusOr<std::vector<Plot>> DrawTrainingCurves(const std::vector<Curve>& curves,
                                                                   const std::string& directory);

}  // namespace cxr
