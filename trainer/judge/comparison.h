// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "trainer/judge/bootstrap.h"
#include "trainer/judge/metrics.h"

namespace cxr {

/// Two evaluations of the same images.
struct ComparisonFiles {
  std::string baseline;  ///< predictions.csv of one model
  std::string model;     ///< predictions.csv of the other
  std::string data;      ///< data that name the patients; empty: by file name
};

/// The figures of two models on the same images.
struct Comparison {
  Metrics baseline;
  Metrics model;
  MetricIntervals difference;  ///< of each figure, model less baseline, drawn in pairs by patient
};

/// Compares two models, so that noise is not taken for progress. The error names the file and line that is wrong, or
/// the image that one of them lacks.
[[nodiscard]] absl::StatusOr<Comparison> CompareModels(const ComparisonFiles& files, int resamples);

}  // namespace cxr
