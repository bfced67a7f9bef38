// SPDX-License-Identifier: Apache-2.0
#include "service/core/classification.h"

#include <algorithm>

namespace cxr {
namespace {

double Of(const PatternProbabilities& probabilities, Pattern pattern) {
  return probabilities[static_cast<std::size_t>(pattern)];
}

Pattern LikelierPneumonia(const PatternProbabilities& calibrated) {
  return Of(calibrated, Pattern::kVirus) > Of(calibrated, Pattern::kBacteria) ? Pattern::kVirus : Pattern::kBacteria;
}

}  // namespace

absl::string_view ConclusionName(Conclusion conclusion) {
  switch (conclusion) {
    case Conclusion::kNegative:
      return "negative";
    case Conclusion::kIndeterminate:
      return "indeterminate";
    case Conclusion::kPositive:
      return "positive";
  }
  return "unknown";
}

double PneumoniaScore(const PatternProbabilities& calibrated) {
  return std::clamp(Of(calibrated, Pattern::kBacteria) + Of(calibrated, Pattern::kVirus), 0.0, 1.0);
}

Decision Decide(const PatternProbabilities& calibrated, const OperatingPoints& points) {
  const double score = PneumoniaScore(calibrated);
  const Pattern likelier = LikelierPneumonia(calibrated);
  const bool normal_leads = Of(calibrated, Pattern::kNormal) >= Of(calibrated, likelier);
  if (score >= points.positive_from) return {Conclusion::kPositive, likelier, points};
  if (score < points.indeterminate_from && normal_leads) return {Conclusion::kNegative, Pattern::kNormal, points};
  return {Conclusion::kIndeterminate, likelier, points};
}

Pattern PatternAt(const PatternProbabilities& calibrated, double operating_point) {
  return PneumoniaScore(calibrated) >= operating_point ? LikelierPneumonia(calibrated) : Pattern::kNormal;
}

}  // namespace cxr
