// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "trainer/judge/metrics.h"

namespace cxr {

/// The figure of validation that early stopping and the choice of the best epoch go by; more is better.
enum class SelectionMetric { kAccuracy, kMacroRecall, kMacroF1, kMacroAuroc, kPneumoniaAuroc };

/// The figure; means over the classes that have one. 0 where it is not defined.
[[nodiscard]] double SelectionScore(const Metrics& metrics, SelectionMetric metric);

/// The first epoch, from 1, with the highest score; 0 without scores.
[[nodiscard]] int BestEpoch(const std::vector<double>& scores);

/// Whether `patience` epochs or more have passed since the best one. Never where `patience` is 0.
[[nodiscard]] bool ShouldStop(const std::vector<double>& scores, int patience);

}  // namespace cxr
