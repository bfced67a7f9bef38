// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "absl/types/optional.h"
#include "service/core/image.h"
#include "service/model/engine/inference_network.h"

namespace cxr {

/// A coarse mask of where the lungs are in a frontal chest film of a child that fills its frame: a trapezoid around the
/// outlines of the lungs as seen in films of the public training set, from above the apices to the costophrenic angles,
/// narrow at the top and wide at the bottom. It leaves out the neck, the shoulders and arms, the corners with their
/// markers and the abdomen, where a map has no business. It is the same for every film, so the share inside it compares
/// models and training stages; it does not measure one film. All numbers are shares of width and height.
struct ThoraxMask {
  double top = 0.08;
  double bottom = 0.82;
  double top_half_width = 0.28;  ///< on both sides of the middle
  double bottom_half_width = 0.42;

  [[nodiscard]] bool Holds(double x, double y) const;

  /// The mask's share of the picture: what a map that is the same everywhere would have inside.
  [[nodiscard]] double Area() const;
};

/// The share of a map's activation inside the mask, 0 to 1, after smooth interpolation to 224 x 224. Nothing for a map
/// that is zero everywhere.
[[nodiscard]] absl::optional<double> ShareInside(const ClassMap& map, const ThoraxMask& mask);

/// Whether the strongest cell of the map has its centre inside the mask. The map is not empty.
[[nodiscard]] bool PeakInside(const ClassMap& map, const ThoraxMask& mask);

}  // namespace cxr
