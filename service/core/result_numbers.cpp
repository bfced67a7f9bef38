// SPDX-License-Identifier: Apache-2.0
#include "service/core/result_numbers.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_format.h"

namespace cxr {
namespace {

constexpr int kWhole = 10000;

int Hundredths(double share) {
  return static_cast<int>(std::lround(std::clamp(share, 0.0, 1.0) * kWhole));
}

int OnSide(int score, bool reached, int point) {
  return reached ? std::max(score, point) : std::min(score, std::max(point - 1, 0));
}

}  // namespace

ResultNumbers RoundResult(const PatternProbabilities& calibrated, double pneumonia_score,
                          const OperatingPoints& points) {
  const double bacteria = calibrated[static_cast<std::size_t>(Pattern::kBacteria)];
  const double virus = calibrated[static_cast<std::size_t>(Pattern::kVirus)];
  ResultNumbers numbers;
  numbers.indeterminate_from = Hundredths(points.indeterminate_from);
  const bool apart = points.positive_from > points.indeterminate_from;
  numbers.positive_from = std::max(Hundredths(points.positive_from), numbers.indeterminate_from + (apart ? 1 : 0));
  // A score a hair below an operating point must not be written as if it reached it, nor the other way round.
  numbers.score = Hundredths(pneumonia_score);
  numbers.score = OnSide(numbers.score, pneumonia_score >= points.indeterminate_from, numbers.indeterminate_from);
  numbers.score = OnSide(numbers.score, pneumonia_score >= points.positive_from, numbers.positive_from);
  const double both = bacteria + virus;
  const int of_bacteria = both > 0 ? static_cast<int>(std::lround(numbers.score * bacteria / both)) : 0;
  numbers.probabilities[static_cast<std::size_t>(Pattern::kBacteria)] = of_bacteria;
  numbers.probabilities[static_cast<std::size_t>(Pattern::kVirus)] = numbers.score - of_bacteria;
  numbers.probabilities[static_cast<std::size_t>(Pattern::kNormal)] = kWhole - numbers.score;
  return numbers;
}

std::string PercentText(int hundredths) {
  return absl::StrFormat("%d.%02d", hundredths / 100, hundredths % 100);
}

double ShareOf(int hundredths) {
  return static_cast<double>(hundredths) / kWhole;
}

}  // namespace cxr
