// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "absl/types/optional.h"
#include "service/core/image.h"
#include "service/core/pattern.h"

namespace cxr {

/// What follows from a pneumonia score at an operating point.
struct Decision {
  bool positive = false;
  Pattern finding = Pattern::kNormal;  ///< the likelier of BACTERIA and VIRUS when positive, otherwise NORMAL
  double operating_point = 0;          ///< 0 to 1
};

/// A class activation map (Grad-CAM, Selvaraju et al. 2017) of one pattern's logit.
struct ActivationMap {
  int rows = 0;
  int columns = 0;
  std::vector<float> values;  ///< rows x columns, each 0 to 1; the largest is 1, or all are 0
  PixelBox source_box;        ///< the part of the source the map covers
  Pattern pattern = Pattern::kNormal;
};

/// Probabilities, decision and the evidence for the finding.
struct Classification {
  PatternProbabilities raw{};         ///< softmax of the logits
  PatternProbabilities calibrated{};  ///< softmax of the logits divided by the temperature
  double pneumonia_score = 0;         ///< P(BACTERIA) + P(VIRUS), calibrated
  Decision decision;
  ActivationMap map;  ///< of decision.finding
  /// How unlike the training images this one is, 0 or more; to be compared with ModelInfo::ood_threshold.
  absl::optional<double> ood_score = absl::nullopt;
};

/// P(BACTERIA) + P(VIRUS), 0 to 1.
[[nodiscard]] double PneumoniaScore(const PatternProbabilities& calibrated);

/// Decides at the operating point: positive when the score is at or above it.
[[nodiscard]] Decision Decide(const PatternProbabilities& calibrated, double operating_point);

}  // namespace cxr
