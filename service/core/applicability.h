// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "service/core/model_info.h"
#include "service/core/radiograph.h"
#include "service/core/reason.h"

namespace cxr {

/// What happens to patients known to be outside the model's population.
enum class PopulationPolicy {
  kEnforce,  ///< not applicable
  kWarn,     ///< analysed with warnings
};

/// What happens to images whose out-of-distribution score is above the model's thresholds.
enum class UnlikePolicy {
  kEnforce,  ///< above the refusal threshold not applicable, above the warning threshold analysed with warnings
  kWarn,     ///< analysed with warnings
  kOff,      ///< nothing
};

struct Applicability {
  Outcome outcome = Outcome::kAnalysed;
  std::vector<Reason> reasons;
};

/// Decides whether the model may judge this image. Eligible: a human patient; radiography (CR, DX, DR or RG); body part
/// chest, thorax or lung, or none stated; a frontal view, and neither orientation nor words that say otherwise; one
/// greyscale frame; a patient inside the population. Unknown age, unknown view and presentation intent FOR PROCESSING
/// are warnings.
[[nodiscard]] Applicability AssessApplicability(const RadiographFacts& facts, const Population& population,
                                                PopulationPolicy policy);

/// Judges a score at the model's thresholds; the reason is UNLIKE_TRAINING_DATA.
[[nodiscard]] Applicability AssessLikeness(double ood_score, const OodThresholds& thresholds, UnlikePolicy policy);

/// Both together: not applicable for the refusals of those that refuse, otherwise with the warnings of both.
[[nodiscard]] Applicability Combine(Applicability first, Applicability second);

}  // namespace cxr
