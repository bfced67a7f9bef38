// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "service/core/overlay_renderer.h"

namespace cxr {

/// The system's date, for example "2026-02-28".
[[nodiscard]] std::string SystemDate();

/// How overlays are drawn.
struct OverlayOptions {
  CaptureLayout layout = CaptureLayout::kOverlay;
  /// Long side of the radiograph in the capture, at most, in pixels; 1 or more. Smaller ones keep their size, but are
  /// enlarged to a long side of 512 (or this maximum, if less) so that the caption can be read.
  int max_long_side = 1024;
  /// Activation from which a location belongs to a salient region; more than 0, less than 1.
  double threshold = 0.5;
  /// Opacity of the colours where the activation is 1; 0 to 1. It grows with the activation.
  double opacity = 0.55;
  /// Salient regions, at most; 1 or more. The largest are kept.
  int max_regions = 5;
  std::function<std::string()> today = SystemDate;  ///< the date in the caption; called from any thread
};

/// The renderer that runs. Single-threaded inside as long as the process sets cv::setNumThreads. Failures are
/// kInternal: a map or image whose values do not fit its size, activations that are not within 0..1, a source box
/// outside the image, or an analysis without classification.
[[nodiscard]] std::unique_ptr<OverlayRenderer> MakeOverlayRenderer(const OverlayOptions& options);

}  // namespace cxr
