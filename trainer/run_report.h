// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "absl/status/status.h"
#include "trainer/calibration.h"
#include "trainer/metrics.h"
#include "trainer/patient_split.h"
#include "trainer/report.h"
#include "trainer/train_options.h"

namespace cxr {

/// Judges predictions on split.validation with 95 % intervals by patient and the cross-fitted calibration error.
/// `predictions` and `logits` are of split.validation, in order.
[[nodiscard]] Judgement JudgeValidation(const Split& split, const std::vector<Prediction>& predictions,
                                        const std::vector<PatternLogits>& logits, std::uint64_t seed);

/// Writes metrics.json, the plots and report.html into the folder options.out; with curves where it holds curves.csv.
[[nodiscard]] absl::Status WriteRunReport(const TrainOptions& options, const Split& split,
                                          const std::vector<Prediction>& predictions, const Judgement& judgement);

}  // namespace cxr
