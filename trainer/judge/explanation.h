// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/optional.h"
#include "service/core/classification.h"
#include "service/model/engine/inference_network.h"
#include "service/model/loaded_model.h"
#include "trainer/data/dataset.h"
#include "trainer/data/run_context.h"

namespace cxr {

/// What a model says of one image, and why.
struct Explanation {
  PatternProbabilities probabilities{};
  Pattern finding = Pattern::kNormal;        ///< PatternAt the operating point of the sensitivity
  Decision decision;                         ///< as the service decides
  std::array<ClassMap, kPatternCount> maps;  ///< Grad-CAM of each class
};

/// Explains every image, in order, with a progress line. Cancelled when a stop is requested. The error names the file
/// that is wrong.
[[nodiscard]] absl::StatusOr<std::vector<Explanation>> ExplainImages(const LoadedModel& model,
                                                                     const std::vector<LabelledImage>& images,
                                                                     const RunContext& context);

/// A coarse mask of where the lungs are in a frontal chest radiograph of a child that fills its frame: a trapezoid
/// around the outlines of the lungs as seen in radiographs of the public training set, from above the apices to the
/// costophrenic angles, narrow at the top and wide at the bottom. It leaves out the neck, the shoulders and arms, the
/// corners with their markers and the abdomen, where a map has no business. It is the same for every radiograph, so the
/// share inside it compares models and training stages; it does not measure one radiograph. All numbers are shares of
/// width and height.
struct ThoraxMask {
  double top = 0.08;
  double bottom = 0.82;
  double top_half_width = 0.28;  ///< on both sides of the middle
  double bottom_half_width = 0.42;

  [[nodiscard]] bool Holds(double x, double y) const;

  /// The mask's share of the image: what a map that is the same everywhere would have inside.
  [[nodiscard]] double Area() const;
};

/// The share of a map's activation inside the mask, 0 to 1, after smooth interpolation to 224 x 224. Nothing for a map
/// that is zero everywhere.
[[nodiscard]] absl::optional<double> ShareInside(const ClassMap& map, const ThoraxMask& mask);

/// Whether the strongest cell of the map has its centre inside the mask. The map is not empty.
[[nodiscard]] bool PeakInside(const ClassMap& map, const ThoraxMask& mask);

/// How much of the activation of several maps is inside the thorax.
struct ThoraxShares {
  std::vector<double> inside;         ///< ShareInside of each map that is not empty
  std::vector<std::string> patients;  ///< whom these are of
  std::size_t peaks_inside = 0;
  std::size_t empty_maps = 0;  ///< maps that are zero everywhere
};

/// Adds the maps of `pattern` of the images with that label that the model decided rightly. The vectors are equally
/// long.
void AddThoraxShares(const std::vector<LabelledImage>& images, const std::vector<Explanation>& explanations,
                     Pattern pattern, const ThoraxMask& mask, ThoraxShares& shares);

}  // namespace cxr
