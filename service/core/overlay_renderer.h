// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "absl/status/statusor.h"
#include "service/core/analysis.h"
#include "service/core/image.h"

namespace cxr {

/// What a capture shows.
enum class CaptureLayout {
  kOverlay,     ///< the film with map, contours and caption
  kSideBySide,  ///< the film as it is at the left, the overlay at the right
};

/// Port: turns an analysis into a picture and its map into regions. Thread-safe.
class OverlayRenderer {
 public:
  virtual ~OverlayRenderer() = default;

  /// The contours of the map above the threshold, in source pixels, inside 0..columns x 0..rows, largest first. Empty
  /// when the map is all zero.
  [[nodiscard]] virtual absl::StatusOr<std::vector<Polygon>> SalientRegions(const ActivationMap& map, int source_rows,
                                                                            int source_columns) const = 0;

  /// Draws film, map, contours and caption: a film with a normal finding has its map only if ShowsMap says so. The film
  /// has its own aspect, and a long side of at most the configured one; how it lies in the picture depends on the
  /// settings.
  [[nodiscard]] virtual absl::StatusOr<RgbImage> Render(const GrayImage& film, const Analysis& analysis) const = 0;
};

}  // namespace cxr
