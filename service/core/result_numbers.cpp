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

}  // namespace

ResultNumbers RoundResult(const PatternProbabilities& calibrated, double pneumonia_score, const Decision& decision) {
  const double bacteria = calibrated[static_cast<std::size_t>(Pattern::kBacteria)];
  const double virus = calibrated[static_cast<std::size_t>(Pattern::kVirus)];
  ResultNumbers numbers;
  numbers.operating_point = Hundredths(decision.operating_point);
  numbers.score = Hundredths(pneumonia_score);
  // A score a hair below the operating point must not be written as if it reached it, nor the other way round.
  if (decision.positive) {
    numbers.score = std::max(numbers.score, numbers.operating_point);
  } else if (numbers.operating_point > 0) {
    numbers.score = std::min(numbers.score, numbers.operating_point - 1);
  }
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
