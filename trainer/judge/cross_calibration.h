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

/// Of one network, judged on patients it has not seen: deals these out to `folds` folds at random, fits a temperature
/// on all but one and calibrates that one with it, in turn. Nothing when there are fewer patients than folds. The same
/// input gives the same folds.
[[nodiscard]] absl::optional<CrossFittedError> CrossFittedCalibrationError(const std::vector<PatternLogits>& logits,
                                                                           const std::vector<Pattern>& labels,
                                                                           const std::vector<std::string>& patients,
                                                                           int folds, const BootstrapOptions& options);

/// What CalibrateFolds gives.
struct CalibratedFolds {
  std::vector<Calibration> folds;       ///< of each fold, fitted on the images of all others
  std::vector<Prediction> predictions;  ///< calibrated and decided; as long as the logits
};

/// Of a cross-validation, one network per fold: calibrates logits of networks that have not seen their images (those of
/// fold k come from the network trained without fold k) without letting an image judge itself: temperature and
/// operating points of each fold are fitted on the logits of the other folds' patients. The vectors are equally long;
/// folds is 2 or more.
[[nodiscard]] CalibratedFolds CalibrateFolds(const std::vector<PatternLogits>& logits,
                                             const std::vector<Pattern>& labels, const std::vector<int>& assignment,
                                             int folds, const DecisionTargets& targets);

}  // namespace cxr
