// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string>

#include "service/core/classification.h"

namespace cxr {

/// The numbers that every form of result shows, in hundredths of a percent, so that what is shown agrees with itself:
/// the probabilities sum to 100 %, the score is the sum of the two pneumonia patterns, and it lies on the same side of
/// the two operating points as before.
struct ResultNumbers {
  std::array<int, kPatternCount> probabilities{};
  int score = 0;
  int indeterminate_from = 0;
  int positive_from = 0;

  [[nodiscard]] int Of(Pattern pattern) const { return probabilities[static_cast<std::size_t>(pattern)]; }
};

/// The only rounding of results; whoever shows a number of one, in DICOM, JSON or a table, takes it from here.
[[nodiscard]] ResultNumbers RoundResult(const PatternProbabilities& calibrated, double pneumonia_score,
                                        const OperatingPoints& points);

[[nodiscard]] inline ResultNumbers RoundResult(const Classification& classification) {
  return RoundResult(classification.calibrated, classification.pneumonia_score, classification.decision.points);
}

/// Hundredths of a percent as a decimal string in percent: 9312 is "93.12".
[[nodiscard]] std::string PercentText(int hundredths);

/// Hundredths of a percent as a share: 9312 is 0.9312.
[[nodiscard]] double ShareOf(int hundredths);

}  // namespace cxr
