// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/types/optional.h"
#include "trainer/judge/metrics.h"

namespace cxr {

struct Interval {
  double low = 0;
  double high = 0;
};

struct BootstrapOptions {
  int resamples = 1000;  ///< 0: no intervals
  std::uint64_t seed = 1;
};

/// 95 % intervals of Metrics, absent where the figure is not defined in at least nine of ten resamples.
struct MetricIntervals {
  struct OfClass {
    absl::optional<Interval> precision;
    absl::optional<Interval> recall;
    absl::optional<Interval> f1;
    absl::optional<Interval> auroc;
  };
  absl::optional<Interval> accuracy;
  absl::optional<Interval> macro_auroc;
  absl::optional<Interval> pneumonia_auroc;
  absl::optional<Interval> expected_calibration_error;
  std::array<OfClass, kPatternCount> classes;
};

/// Percentile bootstrap (Efron and Tibshirani 1993, chapter 13): whole patients are drawn with replacement, as many as
/// there are, since images of one patient are no independent witnesses. `patients[i]` is the patient of prediction i.
/// The same input gives the same intervals. Note that ECE is biased upwards in small images, and more so in resamples,
/// so its interval need not hold the figure in its middle.
[[nodiscard]] MetricIntervals BootstrapMetrics(const std::vector<Prediction>& predictions,
                                               const std::vector<std::string>& patients,
                                               const BootstrapOptions& options);

/// Intervals of how much larger the figures of `second` are than those of `first`, of the same images: both are drawn
/// together, so that what is hard for both cancels out. An interval that holds 0 is no difference to speak of.
[[nodiscard]] MetricIntervals BootstrapDifference(const std::vector<Prediction>& first,
                                                  const std::vector<Prediction>& second,
                                                  const std::vector<std::string>& patients,
                                                  const BootstrapOptions& options);

struct MeanInterval {
  double mean = 0;
  Interval interval;
};

/// The mean of the values (not empty) with its 95 % interval, drawn in the same way.
[[nodiscard]] MeanInterval BootstrapMean(const std::vector<double>& values, const std::vector<std::string>& patients,
                                         const BootstrapOptions& options);

}  // namespace cxr
