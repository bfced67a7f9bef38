// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "service/core/analysis.h"
#include "service/core/overlay_renderer.h"

namespace cxr {

/// What is written over a film, in printable ASCII (the drawing font has nothing else).
struct Caption {
  std::vector<std::string> top;     ///< finding; its probability; pneumonia score and operating point
  std::vector<std::string> bottom;  ///< warnings if any, model and date, purpose
  bool has_legend = false;          ///< whether colours were painted that need a legend
  std::string legend;               ///< what the colours stand for
};

/// Words the caption of an analysis that has a classification, made on that date (nothing: not stated).
[[nodiscard]] Caption WordCaption(const Analysis& analysis, MapDisplay map, const std::string& date = {});

}  // namespace cxr
