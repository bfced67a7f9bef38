// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string>

#include "service/core/classification.h"

namespace cxr {

/// The numbers of a report, in hundredths of a percent, so that what is written agrees with itself: the probabilities
/// sum to 100 %, the score is the sum of the two pneumonia patterns, and it lies on the decision's side of the
/// operating point.
struct ReportNumbers {
  std::array<int, kPatternCount> probabilities{};
  int score = 0;
  int operating_point = 0;
};

[[nodiscard]] ReportNumbers RoundForReport(const Classification& classification);

/// Hundredths of a percent as a decimal string in percent: 9312 is "93.12".
[[nodiscard]] std::string PercentText(int hundredths);

}  // namespace cxr
