// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "trainer/dataset.h"
#include "trainer/fold_calibration.h"

namespace cxr {

/// For people: the pooled table, one line per fold, and mean and standard deviation over the folds.
[[nodiscard]] std::string FormatCrossValidationTable(const CrossFitted& fitted, const std::vector<int>& assignment);

/// {"pooled": metrics, "folds": [{"fold": 1, "temperature": t, "operating_point": p, "metrics": metrics}, ...]}
[[nodiscard]] std::string FormatCrossValidationJson(const CrossFitted& fitted, const std::vector<int>& assignment);

/// Writes metrics.json, predictions.csv and folds.csv (file,label,patient,fold) into `folder`, and each fold's
/// metrics.json into fold-N.
[[nodiscard]] absl::Status WriteCrossValidation(const std::string& folder, const std::vector<Sample>& samples,
                                                const std::vector<int>& assignment, const CrossFitted& fitted);

}  // namespace cxr
