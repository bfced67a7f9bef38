// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

#include "trainer/judge/metrics.h"

namespace cxr {

/// Points of a receiver operating characteristic, from (0, 0) to (1, 1); one per distinct score, so ties are a slope.
struct RocCurve {
  std::vector<double> false_positive_rate;
  std::vector<double> true_positive_rate;
};

/// Empty when one side is empty. The two vectors are equally long.
[[nodiscard]] RocCurve ComputeRoc(const std::vector<double>& scores, const std::vector<bool>& positives);

/// One bar of a reliability diagram: the pictures whose largest probability falls into a bin.
struct ReliabilityBin {
  std::size_t count = 0;
  double confidence = 0;  ///< their mean largest probability
  double accuracy = 0;    ///< how many of them have that class
};

/// Ten bins of equal width from 0 to 1. Empty bins have count 0.
[[nodiscard]] std::vector<ReliabilityBin> ComputeReliability(const std::vector<Prediction>& predictions);

}  // namespace cxr
