// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "trainer/data/dataset.h"
#include "trainer/judge/fold_calibration.h"
#include "trainer/report/report.h"

namespace cxr {

/// What was found out in a cross-validation.
struct CrossValidated {
  std::vector<int> assignment;  ///< the fold of each picture, from 0
  CrossFitted fitted;
  Judgement pooled;  ///< of all pictures, with 95 % intervals by patient
};

/// For people: the pooled table, one line per fold, and mean and standard deviation over the folds.
[[nodiscard]] std::string FormatCrossValidationTable(const CrossValidated& result);

/// {"pooled": metrics, "folds": [{"fold": 1, "temperature": t, "operating_point": p, "metrics": metrics}, ...]}
[[nodiscard]] std::string FormatCrossValidationJson(const CrossValidated& result);

/// Writes metrics.json, table.txt, predictions.csv and folds.csv (file,label,patient,fold) into `folder`, and each
/// fold's metrics.json into fold-N.
[[nodiscard]] absl::Status WriteCrossValidation(const std::string& folder, const std::vector<Sample>& samples,
                                                const CrossValidated& result);

}  // namespace cxr
