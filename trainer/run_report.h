// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "absl/status/status.h"
#include "trainer/calibration.h"
#include "trainer/metrics.h"
#include "trainer/patient_split.h"
#include "trainer/train_options.h"

namespace cxr {

/// Writes metrics.json with 95 % intervals, the plots and report.html into the run folder options.out, which holds
/// curves.csv. `predictions` and `logits` are of split.validation, in order.
[[nodiscard]] absl::Status WriteRunReport(const TrainOptions& options, const Split& split,
                                          const std::vector<Prediction>& predictions,
                                          const std::vector<PatternLogits>& logits);

}  // namespace cxr
