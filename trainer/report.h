// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "trainer/dataset.h"
#include "trainer/metrics.h"

namespace cxr {

/// The figures as a table for people.
[[nodiscard]] std::string FormatTable(const Metrics& metrics);

/// The figures as JSON; what is not defined is null.
[[nodiscard]] std::string FormatJson(const Metrics& metrics);

/// One line per sample: file,label,p_bacteria,p_normal,p_virus,predicted,ood_score. The last is empty: no shipped model
/// has such a score yet. The vectors are equally long.
[[nodiscard]] std::string FormatPredictions(const std::vector<Sample>& samples,
                                            const std::vector<Prediction>& predictions);

/// Replaces a file. The error names it.
[[nodiscard]] absl::Status WriteFile(const std::string& path, const std::string& content);

}  // namespace cxr
