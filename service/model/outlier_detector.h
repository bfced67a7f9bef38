// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace cxr {

/// The distribution of a model's pooled features on its training images: one normal distribution per class with a
/// common covariance, that of probabilistic principal components (Tipping and Bishop 1999): `axes` are its largest
/// directions, and all others share one variance, which is the shrinkage that 1280 channels and a few thousand images
/// need.
struct FeatureDistribution {
  std::vector<std::vector<float>> centers;  ///< one per class, as long as there are channels
  std::vector<std::vector<float>> axes;     ///< unit length, orthogonal to each other, as long as there are channels
  std::vector<float> deviations;            ///< standard deviation along each axis, more than 0
  float residual_deviation = 1;             ///< along every direction that is orthogonal to the axes, more than 0
};

/// Says how unlike its training images an image is: the Mahalanobis distance of its pooled features to the nearest
/// class (Lee et al. 2018), divided by the square root of the number of channels, so that ordinary images have scores
/// about 1. Independent of the classification; the threshold belongs to the manifest. Immutable and thread-safe.
class OutlierDetector {
 public:
  /// Failure: lengths that do not fit each other, values that are not finite, deviations that are not positive.
  [[nodiscard]] static absl::StatusOr<OutlierDetector> Create(FeatureDistribution distribution);

  /// Reads a safetensors file with the tensors centers (classes x channels), axes (axes x channels), deviations (axes)
  /// and residual_deviation (1). The bytes may be hostile.
  [[nodiscard]] static absl::StatusOr<OutlierDetector> Parse(absl::string_view safetensors);

  /// The file that Parse reads.
  [[nodiscard]] std::string Format() const;

  [[nodiscard]] std::size_t channels() const { return distribution_.centers[0].size(); }

  /// 0 or more; larger is less like the training images. Throws std::invalid_argument unless there is one feature per
  /// channel and all are finite.
  [[nodiscard]] double Score(const std::vector<float>& features) const;

 private:
  explicit OutlierDetector(FeatureDistribution distribution);
  FeatureDistribution distribution_;
};

}  // namespace cxr
