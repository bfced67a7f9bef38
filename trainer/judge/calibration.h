// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <vector>

#include "service/core/pattern.h"

namespace cxr {

using PatternLogits = std::array<double, kPatternCount>;

/// Softmax of the logits divided by `temperature`.
[[nodiscard]] PatternProbabilities SoftmaxAt(const PatternLogits& logits, double temperature);

/// Mean negative log-likelihood of the labels at a temperature. 0 without images.
[[nodiscard]] double NegativeLogLikelihood(const std::vector<PatternLogits>& logits, const std::vector<Pattern>& labels,
                                           double temperature);

/// The temperature from 0.25 to 10 with the smallest negative log-likelihood (Guo et al. 2017). 1 without images.
[[nodiscard]] double FitTemperature(const std::vector<PatternLogits>& logits, const std::vector<Pattern>& labels);

/// The operating point at which `sensitivity` of the positives are found and as few negatives as possible: midway
/// between the score of the last positive needed and the next lower score of all, so that rounding decides nothing. 0.5
/// without positives.
[[nodiscard]] double ChooseOperatingPoint(const std::vector<double>& scores, const std::vector<bool>& positives,
                                          double sensitivity);

/// The operating point below which `specificity` of the negatives lie and as few positives as possible: the mirror
/// image of ChooseOperatingPoint. 0.5 without negatives.
[[nodiscard]] double ChooseSpecificOperatingPoint(const std::vector<double>& scores, const std::vector<bool>& positives,
                                                  double specificity);

/// The constant that, added to every logit of VIRUS, makes the recalls of BACTERIA and VIRUS as equal as these images
/// allow, when the two are compared with each other alone (logit adjustment, Menon et al. 2021, with the shift chosen
/// by recall instead of the classes' shares). 0 when either class is absent.
[[nodiscard]] double BalanceVirusLogit(const std::vector<PatternLogits>& logits, const std::vector<Pattern>& labels);

/// What the operating points for pneumonia are chosen for, each 0 to 1.
struct DecisionTargets {
  double sensitivity = 0.95;
  double specificity = 0.95;
};

/// How logits become a decision.
struct Calibration {
  double temperature = 1;
  double operating_point = 0.5;              ///< at which the sensitivity is reached
  double specificity_operating_point = 0.5;  ///< at which the specificity is reached
};

/// FitTemperature, and with it the operating points for pneumonia. The vectors are equally long.
[[nodiscard]] Calibration FitCalibration(const std::vector<PatternLogits>& logits, const std::vector<Pattern>& labels,
                                         const DecisionTargets& targets);

}  // namespace cxr
