// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "absl/types/optional.h"
#include "service/core/classification.h"
#include "service/core/pattern.h"

namespace cxr {

/// A judged image.
struct Prediction {
  Pattern label = Pattern::kNormal;
  PatternProbabilities probabilities{};
  Pattern predicted = Pattern::kNormal;              ///< by the decision rule
  absl::optional<double> ood_score = absl::nullopt;  ///< of a model that has one; see service/model/outlier_detector.h
  absl::optional<Conclusion> conclusion = absl::nullopt;  ///< at both operating points; predictions.csv has none
};

/// Figures of one class against the rest; absent where they are not defined (0 / 0, or a class that does not occur).
struct ClassMetrics {
  std::size_t support = 0;  ///< images that carry the label
  absl::optional<double> precision;
  absl::optional<double> recall;
  absl::optional<double> f1;
  absl::optional<double> auroc;
};

inline constexpr std::size_t kConclusionCount = 3;

struct Metrics {
  std::size_t count = 0;
  absl::optional<double> accuracy;
  absl::optional<double> macro_auroc;      ///< mean over the classes that have one
  absl::optional<double> pneumonia_auroc;  ///< of P(BACTERIA) + P(VIRUS) against NORMAL
  absl::optional<double> expected_calibration_error;
  std::array<ClassMetrics, kPatternCount> classes;
  /// confusion[label][predicted]
  std::array<std::array<std::size_t, kPatternCount>, kPatternCount> confusion{};
  /// conclusions[label][conclusion], as far as conclusions are known
  std::array<std::array<std::size_t, kConclusionCount>, kPatternCount> conclusions{};
};

[[nodiscard]] Metrics ComputeMetrics(const std::vector<Prediction>& predictions);

/// Area under the receiver operating characteristic: the chance that a positive scores above a negative, ties counting
/// half (Mann-Whitney). Nothing when one side is empty. The two vectors are equally long.
[[nodiscard]] absl::optional<double> Auroc(const std::vector<double>& scores, const std::vector<bool>& positives);

/// Expected calibration error (Guo et al. 2017): over 15 bins of equal width of the largest probability, the mean of
/// |accuracy - confidence| weighted by the bin's share. The class of the largest probability is what is judged here,
/// not the decision. Nothing without predictions.
[[nodiscard]] absl::optional<double> ExpectedCalibrationError(const std::vector<Prediction>& predictions);

/// Points of a receiver operating characteristic, from (0, 0) to (1, 1); one per distinct score, so ties are a slope.
struct RocCurve {
  std::vector<double> false_positive_rate;
  std::vector<double> true_positive_rate;
};

/// Empty when one side is empty. The two vectors are equally long.
[[nodiscard]] RocCurve ComputeRoc(const std::vector<double>& scores, const std::vector<bool>& positives);

/// One bar of a reliability diagram: the images whose largest probability falls into a bin.
struct ReliabilityBin {
  std::size_t count = 0;
  double confidence = 0;  ///< their mean largest probability
  double accuracy = 0;    ///< how many of them have that class
};

/// Ten bins of equal width from 0 to 1. Empty bins have count 0.
[[nodiscard]] std::vector<ReliabilityBin> ComputeReliability(const std::vector<Prediction>& predictions);

}  // namespace cxr
