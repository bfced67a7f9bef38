// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "service/core/analysis.h"
#include "service/core/applicability.h"
#include "service/core/classifier.h"
#include "service/core/overlay_renderer.h"
#include "service/core/radiograph.h"
#include "service/core/stopwatch.h"

namespace cxr {

/// What the use case works with. Not owned; all must be thread-safe and outlive the calls.
struct AnalysisTools {
  const RadiographReader* reader = nullptr;
  const Classifier* classifier = nullptr;
  const OverlayRenderer* renderer = nullptr;
};

/// Which objects to write. One that does not exist for the outcome is left out: a film that was not analysed has its
/// report alone, and a film whose map is not shown (ShowsMap) has no parametric map.
struct WantedObjects {
  bool capture = true;
  bool report = true;
  bool presentation_state = false;
  bool parametric_map = false;
};

struct AnalysisSettings {
  PopulationPolicy population = PopulationPolicy::kEnforce;
  /// Names every setting that changes what is produced (population policy, sizes, report class). Result UIDs depend on
  /// it, so results made under other settings do not collide.
  std::string digest;
  WantedObjects objects = {};  ///< of requests that do not say which they want
  bool map_of_normal = false;  ///< whether normal films are shown with their map
};

struct AnalysisResult {
  SourceIdentity source;
  Analysis analysis;
  std::vector<DicomObject> objects;  ///< capture, report, presentation state, parametric map
};

/// The whole story of one radiograph: read, judge applicability, decode, classify and explain, draw, write.
/// Thread-safe. A failure at any step is a Status with a FailureReason; there is no partial result.
[[nodiscard]] absl::StatusOr<AnalysisResult> AnalyzeRadiograph(absl::string_view dicom, const AnalysisTools& tools,
                                                               const AnalysisSettings& settings, WantedObjects wanted,
                                                               Stopwatch& stopwatch);

}  // namespace cxr
