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

struct Applicability {
  Outcome outcome = Outcome::kAnalysed;
  std::vector<Reason> reasons;
};

/// Decides whether the model may judge this image. Eligible: a human patient; radiography (CR, DX, DR or RG); body part
/// chest, thorax or lung, or none stated; a frontal view, and neither orientation nor words that say otherwise; one
/// greyscale frame; a patient inside the population. Unknown age, unknown view, an image that is turned or mirrored,
/// and presentation intent FOR PROCESSING are warnings.
[[nodiscard]] Applicability AssessApplicability(const RadiographFacts& facts, const Population& population,
                                                PopulationPolicy policy);

}  // namespace cxr
