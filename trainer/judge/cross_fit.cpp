// SPDX-License-Identifier: Apache-2.0
#include "trainer/judge/cross_fit.h"

#include <map>
#include <random>
#include <utility>

namespace cxr {
namespace {

/// The fold of each patient.
std::map<std::string, int> Deal(const std::vector<std::string>& patients, int folds, std::uint64_t seed) {
  std::map<std::string, int> fold;
  for (const std::string& patient : patients) fold[patient] = 0;
  std::vector<std::string> order;
  for (const auto& [patient, unused] : fold) order.push_back(patient);
  std::mt19937_64 random(seed);
  for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[random() % i]);
  for (std::size_t i = 0; i < order.size(); ++i) fold[order[i]] = static_cast<int>(i % static_cast<std::size_t>(folds));
  return fold;
}

double TemperatureOfOthers(const std::vector<PatternLogits>& logits, const std::vector<Pattern>& labels,
                           const std::vector<int>& folds, int left_out) {
  std::vector<PatternLogits> other_logits;
  std::vector<Pattern> other_labels;
  for (std::size_t i = 0; i < logits.size(); ++i) {
    if (folds[i] == left_out) continue;
    other_logits.push_back(logits[i]);
    other_labels.push_back(labels[i]);
  }
  return FitTemperature(other_logits, other_labels);
}

}  // namespace

absl::optional<CrossFittedError> CrossFitCalibration(const std::vector<PatternLogits>& logits,
                                                     const std::vector<Pattern>& labels,
                                                     const std::vector<std::string>& patients, int folds,
                                                     const BootstrapOptions& options) {
  const auto dealt = Deal(patients, folds, options.seed);
  if (folds < 2 || dealt.size() < static_cast<std::size_t>(folds)) return absl::nullopt;
  std::vector<int> fold_of;
  for (const std::string& patient : patients) fold_of.push_back(dealt.at(patient));
  std::vector<Prediction> predictions(labels.size());
  for (int fold = 0; fold < folds; ++fold) {
    const double temperature = TemperatureOfOthers(logits, labels, fold_of, fold);
    for (std::size_t i = 0; i < labels.size(); ++i) {
      if (fold_of[i] == fold) predictions[i] = {labels[i], SoftmaxAt(logits[i], temperature), labels[i]};
    }
  }
  const MetricIntervals intervals = BootstrapMetrics(predictions, patients, options);
  return CrossFittedError{*ExpectedCalibrationError(predictions), intervals.expected_calibration_error, folds};
}

}  // namespace cxr
