// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "service/core/overlay_renderer.h"

namespace cxr {

/// How overlays are drawn.
struct OverlayOptions {
  /// Long side of the picture, at most, in pixels; 1 or more. Smaller films keep their size, but are enlarged to a long
  /// side of 512 (or this maximum, if less) so that the caption can be read.
  int max_long_side = 1024;
  /// Activation from which a location belongs to a salient region; more than 0, less than 1.
  double threshold = 0.5;
  /// Opacity of the colours where the activation is 1; 0 to 1. It grows with the activation.
  double opacity = 0.55;
  /// Salient regions, at most; 1 or more. The largest are kept.
  int max_regions = 5;
};

/// The renderer that runs. Single-threaded inside as long as the process sets cv::setNumThreads. Failures are
/// kInternal: a map or film whose values do not fit its size, activations that are not within 0..1, a source box
/// outside the image, or an analysis without classification.
[[nodiscard]] std::unique_ptr<OverlayRenderer> MakeOverlayRenderer(const OverlayOptions& options);

}  // namespace cxr
