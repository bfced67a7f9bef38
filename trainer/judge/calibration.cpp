// SPDX-License-Identifier: Apache-2.0
#include "trainer/judge/calibration.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>
#include <vector>

#include "service/core/classification.h"
#include "service/model/loaded_model.h"

namespace cxr {
namespace {

// Beyond these a handful of perfectly separated images would turn into certainty, or into nothing.
constexpr double kMinTemperature = 0.25;
constexpr double kMaxTemperature = 10;

}  // namespace

PatternProbabilities SoftmaxAt(const PatternLogits& logits, double temperature) {
  return Softmax({logits.begin(), logits.end()}, temperature);
}

double NegativeLogLikelihood(const std::vector<PatternLogits>& logits, const std::vector<Pattern>& labels,
                             double temperature) {
  if (logits.empty()) return 0;
  double sum = 0;
  for (std::size_t i = 0; i < logits.size(); ++i) {
    const double probability = SoftmaxAt(logits[i], temperature)[static_cast<std::size_t>(labels[i])];
    sum -= std::log(std::max(probability, 1e-300));
  }
  return sum / static_cast<double>(logits.size());
}

double FitTemperature(const std::vector<PatternLogits>& logits, const std::vector<Pattern>& labels) {
  if (logits.empty()) return 1;
  // The likelihood has one minimum in 1/T, hence in log T: golden section.
  const double ratio = (std::sqrt(5.0) - 1) / 2;
  const auto loss = [&](double log_temperature) {
    return NegativeLogLikelihood(logits, labels, std::exp(log_temperature));
  };
  double low = std::log(kMinTemperature);
  double high = std::log(kMaxTemperature);
  double left = high - ratio * (high - low);
  double right = low + ratio * (high - low);
  double left_loss = loss(left);
  double right_loss = loss(right);
  while (high - low > 1e-5) {
    if (left_loss < right_loss) {
      high = right;
      right = left;
      right_loss = left_loss;
      left = high - ratio * (high - low);
      left_loss = loss(left);
    } else {
      low = left;
      left = right;
      left_loss = right_loss;
      right = low + ratio * (high - low);
      right_loss = loss(right);
    }
  }
  return std::exp((low + high) / 2);
}

double ChooseOperatingPoint(const std::vector<double>& scores, const std::vector<bool>& positives, double sensitivity) {
  std::vector<double> found;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    if (positives[i]) found.push_back(scores[i]);
  }
  if (found.empty()) return 0.5;
  std::sort(found.begin(), found.end(), std::greater<>());
  const double needed = std::ceil(std::clamp(sensitivity, 0.0, 1.0) * static_cast<double>(found.size()) - 1e-9);
  const double last = found[static_cast<std::size_t>(std::max(needed, 1.0)) - 1];
  double below = 0;
  for (const double score : scores) {
    if (score < last) below = std::max(below, score);
  }
  return (last + below) / 2;
}

double ChooseSpecificOperatingPoint(const std::vector<double>& scores, const std::vector<bool>& positives,
                                    double specificity) {
  if (std::find(positives.begin(), positives.end(), false) == positives.end()) return 0.5;
  std::vector<double> mirrored;
  std::vector<bool> negatives;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    mirrored.push_back(1 - scores[i]);
    negatives.push_back(!positives[i]);
  }
  return 1 - ChooseOperatingPoint(mirrored, negatives, specificity);
}

double BalanceVirusLogit(const std::vector<PatternLogits>& logits, const std::vector<Pattern>& labels) {
  constexpr auto kBacteria = static_cast<std::size_t>(Pattern::kBacteria);
  constexpr auto kVirus = static_cast<std::size_t>(Pattern::kVirus);
  std::vector<std::pair<double, bool>> leads;  // how far VIRUS leads, and whether it should
  std::array<double, 2> counts{};
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (labels[i] == Pattern::kNormal) continue;
    const bool virus = labels[i] == Pattern::kVirus;
    leads.emplace_back(logits[i][kVirus] - logits[i][kBacteria], virus);
    ++counts[virus ? 1 : 0];
  }
  if (counts[0] == 0 || counts[1] == 0) return 0;
  std::sort(leads.begin(), leads.end());
  double bacteria = 0;  // told right with the threshold below all leads
  double viruses = counts[1];
  for (std::size_t i = 0; i < leads.size(); ++i) {
    (leads[i].second ? viruses : bacteria) += leads[i].second ? -1 : 1;
    if (bacteria * counts[1] < viruses * counts[0]) continue;
    const double next = i + 1 < leads.size() ? leads[i + 1].first : leads[i].first;
    return -(leads[i].first + next) / 2;
  }
  return 0;
}

Calibration FitCalibration(const std::vector<PatternLogits>& logits, const std::vector<Pattern>& labels,
                           const DecisionTargets& targets) {
  Calibration fitted;
  fitted.temperature = FitTemperature(logits, labels);
  std::vector<double> scores;
  std::vector<bool> pneumonias;
  for (std::size_t i = 0; i < logits.size(); ++i) {
    scores.push_back(PneumoniaScore(SoftmaxAt(logits[i], fitted.temperature)));
    pneumonias.push_back(labels[i] != Pattern::kNormal);
  }
  fitted.operating_point = ChooseOperatingPoint(scores, pneumonias, targets.sensitivity);
  fitted.specificity_operating_point = ChooseSpecificOperatingPoint(scores, pneumonias, targets.specificity);
  return fitted;
}

}  // namespace cxr
