// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "service/core/image.h"
#include "service/core/model_info.h"
#include "service/core/pattern.h"

namespace cxr {

/// What the probabilities say, in the order of urgency.
enum class Conclusion { kNegative, kIndeterminate, kPositive };

/// "negative", "indeterminate" or "positive".
[[nodiscard]] absl::string_view ConclusionName(Conclusion conclusion);

/// What follows from the probabilities at the model's operating points.
struct Decision {
  Conclusion conclusion = Conclusion::kIndeterminate;
  Pattern finding = Pattern::kNormal;  ///< NORMAL when negative, otherwise the likelier of BACTERIA and VIRUS
  OperatingPoints points;

  [[nodiscard]] bool positive() const { return conclusion == Conclusion::kPositive; }
  [[nodiscard]] bool negative() const { return conclusion == Conclusion::kNegative; }
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
  /// How unlike the training images this one is, 0 or more; to be compared with ModelInfo::ood.
  absl::optional<double> ood_score = absl::nullopt;
};

/// P(BACTERIA) + P(VIRUS), 0 to 1.
[[nodiscard]] double PneumoniaScore(const PatternProbabilities& calibrated);

/// Positive from points.positive_from; negative below points.indeterminate_from where NORMAL is the likeliest pattern
/// as well; indeterminate otherwise.
[[nodiscard]] Decision Decide(const PatternProbabilities& calibrated, const OperatingPoints& points);

/// The pattern that one operating point alone would decide for: the likelier of BACTERIA and VIRUS when the pneumonia
/// score is at or above it, otherwise NORMAL.
[[nodiscard]] Pattern PatternAt(const PatternProbabilities& calibrated, double operating_point);

}  // namespace cxr
