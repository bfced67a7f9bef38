// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "trainer/judge/calibration.h"
#include "trainer/judge/metrics.h"

namespace cxr {

struct CrossFitted {
  std::vector<Calibration> folds;       ///< of each fold, fitted on the pictures of all others
  std::vector<Prediction> predictions;  ///< calibrated and decided; as long as the logits
};

/// Calibrates logits of networks that have not seen their pictures (those of fold k come from the network trained
/// without fold k) without letting a picture judge itself: temperature and operating point of each fold are fitted on
/// the logits of the other folds' patients. The vectors are equally long; folds is 2 or more.
[[nodiscard]] CrossFitted CalibrateFolds(const std::vector<PatternLogits>& logits, const std::vector<Pattern>& labels,
                                         const std::vector<int>& assignment, int folds, double target_sensitivity);

}  // namespace cxr
