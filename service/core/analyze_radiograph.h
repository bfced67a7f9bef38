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

struct AnalysisSettings {
  PopulationPolicy population = PopulationPolicy::kEnforce;
  UnlikePolicy unlike = UnlikePolicy::kEnforce;
  ObjectKinds objects = kUsualKinds;  ///< of requests that do not say which they want
  bool map_of_normal = false;         ///< whether results with a normal finding show their map too
};

struct AnalysisResult {
  SourceIdentity source;
  Analysis analysis;
  std::vector<DicomObject> objects;  ///< in the order of ResultForms
};

/// The whole story of one radiograph: read, judge applicability, decode, classify and explain, draw, write.
/// Of the wanted kinds, those that do not exist for the outcome (ResultNeeds) are left out: a radiograph that was not
/// analysed has its report alone. Thread-safe. A failure at any step is a Status with a FailureReason; there is no
/// partial result.
[[nodiscard]] absl::StatusOr<AnalysisResult> AnalyzeRadiograph(absl::string_view dicom, const AnalysisTools& tools,
                                                               const AnalysisSettings& settings, ObjectKinds wanted,
                                                               Stopwatch& stopwatch);

}  // namespace cxr
