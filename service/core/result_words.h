// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "service/core/analysis.h"

namespace cxr {

/// What a report says in words: finding with score and operating point, or why there is none; always "research use
/// only".
[[nodiscard]] std::string ReportSummary(const Analysis& analysis);

/// The same in a few lines, as a caption over a picture: finding, probability, score and operating point, warnings,
/// model, date (DA, of the analysis) and purpose. Lines end with CR LF (PS3.5, 6.1.3), at most 1024 characters in all.
/// The analysis has a classification.
[[nodiscard]] std::string CaptionText(const Analysis& analysis, const std::string& date);

/// Whom the model applies to, in words.
[[nodiscard]] std::string PopulationText(const ModelInfo& model);

}  // namespace cxr
