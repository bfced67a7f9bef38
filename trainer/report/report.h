// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "absl/types/optional.h"
#include "trainer/data/dataset.h"
#include "trainer/judge/bootstrap.h"
#include "trainer/judge/cross_fit.h"
#include "trainer/judge/metrics.h"

namespace cxr {

/// What was found out about a model on labelled pictures.
struct Judgement {
  Metrics metrics;
  MetricIntervals intervals;                      ///< none by default
  absl::optional<CrossFittedError> cross_fitted;  ///< calibration with temperatures fitted on other patients
};

/// The figures as a table for people.
[[nodiscard]] std::string FormatTable(const Metrics& metrics);

/// The same with 95 % intervals.
[[nodiscard]] std::string FormatTable(const Judgement& judgement);

/// The figures as JSON; what is not defined is null.
[[nodiscard]] std::string FormatJson(const Metrics& metrics);

/// The same, and "intervals_95" (each [low, high] or null) and "ece_crossfitted".
[[nodiscard]] std::string FormatJson(const Judgement& judgement);

/// One line per sample: file,label,p_bacteria,p_normal,p_virus,predicted,ood_score. The last is empty for a model
/// without out-of-distribution score. The vectors are equally long.
[[nodiscard]] std::string FormatPredictions(const std::vector<Sample>& samples,
                                            const std::vector<Prediction>& predictions);

}  // namespace cxr
