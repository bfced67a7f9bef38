// SPDX-License-Identifier: Apache-2.0
#include "service/core/classification.h"

#include <algorithm>

namespace cxr {
namespace {

double Of(const PatternProbabilities& probabilities, Pattern pattern) {
  return probabilities[static_cast<std::size_t>(pattern)];
}

}  // namespace

double PneumoniaScore(const PatternProbabilities& calibrated) {
  return std::clamp(Of(calibrated, Pattern::kBacteria) + Of(calibrated, Pattern::kVirus), 0.0, 1.0);
}

Decision Decide(const PatternProbabilities& calibrated, double operating_point) {
  Decision decision;
  decision.operating_point = operating_point;
  decision.positive = PneumoniaScore(calibrated) >= operating_point;
  if (decision.positive) {
    const bool viral = Of(calibrated, Pattern::kVirus) > Of(calibrated, Pattern::kBacteria);
    decision.finding = viral ? Pattern::kVirus : Pattern::kBacteria;
  }
  return decision;
}

}  // namespace cxr
