// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/types/optional.h"
#include "trainer/judge/bootstrap.h"
#include "trainer/judge/calibration.h"
#include "trainer/judge/metrics.h"

namespace cxr {

/// Expected calibration error of probabilities whose temperature was fitted on other patients.
struct CrossFittedError {
  double error = 0;
  absl::optional<Interval> interval;  ///< 95 %, by patient
  int folds = 0;
};

/// Deals the patients out to `folds` folds at random, fits a temperature on all but one and calibrates that one with
/// it, in turn. `logits` may be the logarithms of uncalibrated probabilities: a constant added to all three changes
/// nothing. Nothing when there are fewer patients than folds. The same input gives the same folds.
[[nodiscard]] absl::optional<CrossFittedError> CrossFitCalibration(const std::vector<PatternLogits>& logits,
                                                                   const std::vector<Pattern>& labels,
                                                                   const std::vector<std::string>& patients, int folds,
                                                                   const BootstrapOptions& options);

}  // namespace cxr
