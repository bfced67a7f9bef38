// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "absl/status/statusor.h"
#include "service/core/analysis.h"
#include "service/core/image.h"

namespace cxr {

/// What a capture shows.
enum class CaptureLayout {
  kOverlay,     ///< the radiograph with map, contours and caption
  kSideBySide,  ///< the radiograph as it is at the left, the overlay at the right
};

/// Whether the results of a radiograph show its activation map.
enum class MapDisplay { kHidden, kShown };

/// Port: turns an analysis into an image and its map into regions. Thread-safe.
class OverlayRenderer {
 public:
  virtual ~OverlayRenderer() = default;

  /// The contours of the map above the threshold, in source pixels, inside 0..columns x 0..rows, largest first. Empty
  /// when the map is all zero.
  [[nodiscard]] virtual absl::StatusOr<std::vector<Polygon>> SalientRegions(const ActivationMap& map, int source_rows,
                                                                            int source_columns) const = 0;

  /// Draws the radiograph and the caption of its analysis, and over it, if `map` says so, map and contours. The
  /// radiograph keeps its aspect, and its long side is at most the configured one; how it lies in the image depends on
  /// the settings.
  [[nodiscard]] virtual absl::StatusOr<RgbImage> Render(const GrayImage& radiograph, const Analysis& analysis,
                                                        MapDisplay map) const = 0;
};

}  // namespace cxr
