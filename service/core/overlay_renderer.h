// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "absl/status/statusor.h"
#include "service/core/analysis.h"
#include "service/core/image.h"

namespace cxr {

/// Port: turns an analysis into a picture and its map into regions. Thread-safe.
class OverlayRenderer {
 public:
  virtual ~OverlayRenderer() = default;

  /// The contours of the map above the threshold, in source pixels, inside 0..columns x 0..rows, largest first. Empty when the
  /// map is all zero.
  [[nodiscard]] virtual absl::StatusOr<std::vector<Polygon>> SalientRegions(const ActivationMap& map, int source_rows,
                                                                            int source_columns) const = 0;

  /// Draws film, map, contours and caption; the result has the aspect of `film` and a long side of at most the configured
  /// one. A film with a normal finding is drawn with its caption and without map.
  [[nodiscard]] virtual absl::StatusOr<RgbImage> Render(const GrayImage& film, const Analysis& analysis) const = 0;
};

}  // namespace cxr
