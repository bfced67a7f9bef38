// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "service/core/analysis.h"

namespace cxr {

/// What a report says in words: finding with score and operating point, or why there is none; always "research use
/// only".
[[nodiscard]] std::string ReportSummary(const Analysis& analysis);

/// Whom the model applies to, in words.
[[nodiscard]] std::string PopulationText(const ModelInfo& model);

}  // namespace cxr
