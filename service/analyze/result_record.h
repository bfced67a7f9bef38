// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "cxr/v1/analysis.pb.h"

namespace cxr {

/// A DICOM object that was written.
struct WrittenObject {
  std::string kind;  ///< "secondary capture", "structured report", "presentation state" or "parametric map"
  std::string sop_class_uid;
  std::string sop_instance_uid;
  std::string file;
};

/// Why an input has no result.
struct InputFailure {
  std::string reason;   ///< for machines: a reason of the service ("TRUNCATED"), a gRPC code ("UNAVAILABLE"), or ours
  std::string message;  ///< for people
};

/// What is told of one input. Probabilities are calibrated, and rounded as in the DICOM objects (ResultNumbers).
struct ResultRecord {
  std::string file;
  std::string outcome;                  ///< "analysed", "analysed with warnings", "not applicable" or "failed"
  std::vector<std::string> reasons;     ///< codes without prefix, for example "AGE_UNKNOWN"
  absl::optional<std::string> finding;  ///< "BACTERIA", "NORMAL", "VIRUS" or "INDETERMINATE"
  absl::optional<double> score;
  absl::optional<double> p_bacteria;
  absl::optional<double> p_normal;
  absl::optional<double> p_virus;
  absl::optional<std::string> model;       ///< name and version
  absl::optional<std::string> conclusion;  ///< "negative", "indeterminate" or "positive"
  std::vector<WrittenObject> objects;
  std::string error;  ///< one sentence when the outcome is "failed", otherwise empty

  [[nodiscard]] bool failed() const { return outcome == "failed"; }
};

/// The record of an answer, without objects. An answer that contradicts the contract (no outcome; analysed without all
/// three probabilities) makes a failed record: no failure looks like a result.
[[nodiscard]] ResultRecord RecordOf(const std::string& file, const v1::AnalyzeResponse& response);

/// The record of a failure.
[[nodiscard]] ResultRecord FailedRecord(const std::string& file, const InputFailure& failure);

/// One line of JSON (RFC 8259) with the keys file, outcome, reasons, finding, score, p_bacteria, p_normal, p_virus,
/// model, objects, error when failed, and conclusion; null for what there is not. A blank follows every colon and comma
/// between values. Bytes that are not UTF-8 become U+FFFD.
[[nodiscard]] std::string ToJson(const ResultRecord& record);

}  // namespace cxr
