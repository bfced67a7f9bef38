// SPDX-License-Identifier: Apache-2.0
#include "trainer/judge/cross_calibration.h"

#include <map>
#include <random>
#include <utility>

#include "service/core/classification.h"

namespace cxr {
namespace {

/// The fold of each patient.
std::map<std::string, int> DealPatients(const std::vector<std::string>& patients, int folds, std::uint64_t seed) {
  std::map<std::string, int> fold;
  for (const std::string& patient : patients) fold[patient] = 0;
  std::vector<std::string> order;
  for (const auto& [patient, unused] : fold) order.push_back(patient);
  std::mt19937_64 random(seed);
  for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[random() % i]);
  for (std::size_t i = 0; i < order.size(); ++i) fold[order[i]] = static_cast<int>(i % static_cast<std::size_t>(folds));
  return fold;
}

/// What a fold is calibrated with: the logits and labels of all other folds.
struct CalibrationData {
  std::vector<PatternLogits> logits;
  std::vector<Pattern> labels;
};

CalibrationData OtherFolds(const std::vector<PatternLogits>& logits, const std::vector<Pattern>& labels,
                           const std::vector<int>& assignment, int left_out) {
  CalibrationData others;
  for (std::size_t i = 0; i < logits.size(); ++i) {
    if (assignment[i] == left_out) continue;
    others.logits.push_back(logits[i]);
    others.labels.push_back(labels[i]);
  }
  return others;
}

}  // namespace

absl::optional<CrossFittedError> CrossFittedCalibrationError(const std::vector<PatternLogits>& logits,
                                                             const std::vector<Pattern>& labels,
                                                             const std::vector<std::string>& patients, int folds,
                                                             const BootstrapOptions& options) {
  const auto dealt = DealPatients(patients, folds, options.seed);
  if (folds < 2 || dealt.size() < static_cast<std::size_t>(folds)) return absl::nullopt;
  std::vector<int> fold_of;
  for (const std::string& patient : patients) fold_of.push_back(dealt.at(patient));
  std::vector<Prediction> predictions(labels.size());
  for (int fold = 0; fold < folds; ++fold) {
    const CalibrationData others = OtherFolds(logits, labels, fold_of, fold);
    const double temperature = FitTemperature(others.logits, others.labels);
    for (std::size_t i = 0; i < labels.size(); ++i) {
      if (fold_of[i] == fold) predictions[i] = {labels[i], SoftmaxAt(logits[i], temperature), labels[i]};
    }
  }
  const MetricIntervals intervals = BootstrapMetrics(predictions, patients, options);
  return CrossFittedError{*ExpectedCalibrationError(predictions), intervals.expected_calibration_error, folds};
}

CalibratedFolds CalibrateFolds(const std::vector<PatternLogits>& logits, const std::vector<Pattern>& labels,
                               const std::vector<int>& assignment, int folds, const DecisionTargets& targets) {
  CalibratedFolds result;
  for (int fold = 0; fold < folds; ++fold) {
    const CalibrationData others = OtherFolds(logits, labels, assignment, fold);
    result.folds.push_back(FitCalibration(others.logits, others.labels, targets));
  }
  for (std::size_t i = 0; i < logits.size(); ++i) {
    const Calibration& fitted = result.folds[static_cast<std::size_t>(assignment[i])];
    const PatternProbabilities probabilities = SoftmaxAt(logits[i], fitted.temperature);
    result.predictions.push_back({labels[i], probabilities, PatternAt(probabilities, fitted.operating_point)});
  }
  return result;
}

}  // namespace cxr
