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
#include "service/core/result_forms.h"

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
  /// How unlike the training images the image is, 0 or more; see model.ood. Absent when the network did not see the
  /// image, and for models without such a score.
  absl::optional<double> ood_score = absl::nullopt;
  std::vector<Polygon> salient_regions;  ///< in source pixels, inside the image; empty for a normal finding
  ModelInfo model;
};

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
