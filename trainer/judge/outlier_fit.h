// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "service/core/pattern.h"
#include "service/model/outlier_detector.h"
#include "trainer/data/run_context.h"
#include "trainer/data/split.h"

namespace cxr {

/// Fits the class-conditional distribution of features with `axes` principal axes, fewer where there are not that many
/// images or channels. features[i] are of an image labelled labels[i]; two images at least.
[[nodiscard]] absl::StatusOr<OutlierDetector> FitOutlierDetector(const std::vector<std::vector<float>>& features,
                                                                 const std::vector<Pattern>& labels, int axes);

struct OutlierFitOptions {
  std::string model;  ///< folder with manifest.json
  std::string device = "cpu";
  double accepted = 0.99;  ///< share of the held-out images that are not refused
  double unwarned = 0.95;  ///< share of the held-out images that are not warned of
  int axes = 64;
};

/// Fits the out-of-distribution score of the model in options.model on the features of split.training, chooses its
/// thresholds on split.validation, and writes ood.safetensors and its entry in manifest.json beside the model, which is
/// otherwise left alone. Prints what the scores are like on stderr.
[[nodiscard]] absl::Status FitOutlierScore(const OutlierFitOptions& options, const Split& split,
                                           const RunContext& context);

}  // namespace cxr
