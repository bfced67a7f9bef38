// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "plugin/core/outcome.h"

namespace cxr::plugin {

/// A DICOM object the service produced.
struct ProducedObject {
  std::string kind;  ///< "secondary capture", "structured report", "presentation state", "parametric map" or "other"
  std::string sop_instance_uid;
  std::string series_instance_uid;
  std::string content;  ///< a PS3.10 file
};

/// The service's answer for one instance; kind is never kFailed.
struct AnalysisResult {
  OutcomeKind kind = OutcomeKind::kNotApplicable;
  std::vector<CodedReason> reasons;
  absl::optional<Classification> classification;
  ModelIdentity model;
  std::vector<ProducedObject> objects;
};

/// The inference service. Thread-safe; calls block for at most the client's own deadline.
class AnalysisClient {
 public:
  virtual ~AnalysisClient() = default;

  /// Analyses one PS3.10 file. Errors are made by ServiceError; CANCELLED after Cancel.
  [[nodiscard]] virtual absl::StatusOr<AnalysisResult> Analyze(std::string dicom) = 0;

  /// The loaded model. Errors as Analyze.
  [[nodiscard]] virtual absl::StatusOr<ModelIdentity> DescribeModel() = 0;

  /// Ends calls in flight and refuses new ones, for good.
  virtual void Cancel() = 0;
};

}  // namespace cxr::plugin
