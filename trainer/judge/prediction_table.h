// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "trainer/data/dataset.h"
#include "trainer/judge/metrics.h"

namespace cxr {

/// predictions.csv, one line per image: file,label,p_bacteria,p_normal,p_virus,predicted,ood_score. The last is empty
/// for a model without out-of-distribution score. The vectors are equally long.
[[nodiscard]] std::string FormatPredictions(const std::vector<LabelledImage>& images,
                                            const std::vector<Prediction>& predictions);

/// Reads such a file, without the scores: the predictions by the name of their image. The error names the file and the
/// line that is wrong.
[[nodiscard]] absl::StatusOr<std::map<std::string, Prediction>> ReadPredictions(const std::string& path);

}  // namespace cxr
