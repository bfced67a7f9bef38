// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "trainer/data/dataset.h"
#include "trainer/judge/cross_calibration.h"
#include "trainer/judge/judgement.h"

namespace cxr {

/// What was found out in a cross-validation.
struct CrossValidated {
  std::vector<int> assignment;  ///< the fold of each image, from 0
  CalibratedFolds fitted;
  Judgement pooled;  ///< of all images, with 95 % intervals by patient
};

/// For people: the pooled table, one line per fold, and mean and standard deviation over the folds.
[[nodiscard]] std::string FormatCrossValidationTable(const CrossValidated& result);

/// {"pooled": metrics, "folds": [{"fold": 1, "temperature": t, "operating_point": p, "metrics": metrics}, ...]}
[[nodiscard]] std::string FormatCrossValidationJson(const CrossValidated& result);

/// Writes table.txt, predictions.csv and folds.csv (file,label,patient,fold) into `folder`, and each fold's
/// metrics.json into fold-N: all but the folder's own metrics.json (FormatCrossValidationJson), which says that it is
/// complete.
[[nodiscard]] absl::Status WriteCrossValidation(const std::string& folder, const std::vector<LabelledImage>& images,
                                                const CrossValidated& result);

}  // namespace cxr
