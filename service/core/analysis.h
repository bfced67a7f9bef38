// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "absl/types/optional.h"
#include "service/core/classification.h"
#include "service/core/image.h"
#include "service/core/model_info.h"
#include "service/core/reason.h"

namespace cxr {

/// The three UIDs that every instance must have.
struct SourceIdentity {
  std::string study_instance_uid;
  std::string series_instance_uid;
  std::string sop_instance_uid;
};

/// Everything that was found out about one radiograph; what captures, reports and answers are made of.
struct Analysis {
  Outcome outcome = Outcome::kNotApplicable;
  std::vector<Reason> reasons;
  absl::optional<Classification> classification;  ///< absent exactly when the outcome is kNotApplicable
  std::vector<Polygon> salient_regions;           ///< in source pixels, inside the image; empty for a normal finding
  ModelInfo model;
  std::string settings_digest;  ///< what result UIDs depend on besides source and model; see AnalysisSettings
  bool map_of_normal = false;   ///< whether a normal film's results show its map too; a setting
};

/// Whether results show the activation map: that of a positive film always, that of a normal one when asked for.
[[nodiscard]] inline bool ShowsMap(const Analysis& analysis) {
  return analysis.classification.has_value() && (analysis.classification->decision.positive || analysis.map_of_normal);
}

enum class ObjectKind { kSecondaryCapture = 1, kStructuredReport = 2, kPresentationState = 3, kParametricMap = 4 };

/// A produced DICOM object.
struct DicomObject {
  ObjectKind kind = ObjectKind::kStructuredReport;
  std::string sop_class_uid;
  std::string sop_instance_uid;
  std::string series_instance_uid;
  std::string content;  ///< PS3.10 file, Explicit VR Little Endian
};

/// The wall time of one stage.
struct StageTime {
  std::string stage;
  std::chrono::microseconds duration{};
};

}  // namespace cxr
