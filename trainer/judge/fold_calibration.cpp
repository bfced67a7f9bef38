// SPDX-License-Identifier: Apache-2.0
#include "trainer/judge/fold_calibration.h"

#include "service/core/classification.h"

namespace cxr {

CrossFitted CalibrateFolds(const std::vector<PatternLogits>& logits, const std::vector<Pattern>& labels,
                           const std::vector<int>& assignment, int folds, double target_sensitivity) {
  CrossFitted result;
  for (int fold = 0; fold < folds; ++fold) {
    std::vector<PatternLogits> other_logits;
    std::vector<Pattern> other_labels;
    for (std::size_t i = 0; i < logits.size(); ++i) {
      if (assignment[i] == fold) continue;
      other_logits.push_back(logits[i]);
      other_labels.push_back(labels[i]);
    }
    result.folds.push_back(FitCalibration(other_logits, other_labels, target_sensitivity));
  }
  for (std::size_t i = 0; i < logits.size(); ++i) {
    const Calibration& fitted = result.folds[static_cast<std::size_t>(assignment[i])];
    const PatternProbabilities probabilities = SoftmaxAt(logits[i], fitted.temperature);
    result.predictions.push_back({labels[i], probabilities, Decide(probabilities, fitted.operating_point).finding});
  }
  return result;
}

}  // namespace cxr
