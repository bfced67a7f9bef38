// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"
#include "nlohmann/json_fwd.hpp"

namespace cxr::plugin {

/// What became of a radiograph. A failure is an outcome of its own and never carries a class.
enum class OutcomeKind { kAnalysed, kAnalysedWithWarnings, kNotApplicable, kFailed };

/// "analysed", "analysed with warnings", "not applicable" or "failed".
[[nodiscard]] absl::string_view OutcomeName(OutcomeKind kind);

/// A reason for machines and a sentence for people. The sentence may quote an attribute, so it is never logged.
struct CodedReason {
  std::string code;
  std::string message;
};

struct ModelIdentity {
  std::string name;
  std::string version;
  std::string sha256;  ///< 64 lower-case hexadecimal digits
};

/// The conclusions of a Classification.
inline constexpr char kNegative[] = "negative";
inline constexpr char kIndeterminate[] = "indeterminate";
inline constexpr char kPositive[] = "positive";

/// Probabilities (calibrated, 0 to 1) and decision of an analysed radiograph.
struct Classification {
  std::string conclusion = kIndeterminate;  ///< negative, indeterminate or positive
  std::string finding;                      ///< BACTERIA or VIRUS, NORMAL when negative, INDETERMINATE
  double score = 0;                         ///< P(BACTERIA) + P(VIRUS)
  double operating_point = 0;               ///< positive from it
  double indeterminate_from = 0;            ///< negative below it
  double p_bacteria = 0;
  double p_normal = 0;
  double p_virus = 0;
};

/// A result that is in the archive.
struct StoredObject {
  std::string kind;  ///< as ProducedObject::kind
  std::string sop_instance_uid;
  std::string series_instance_uid;
  std::string instance_id;  ///< Orthanc's identifier
};

/// Which content of an instance an outcome speaks of: the same instance may be stored again with other pixels.
struct SourceVersion {
  std::string storage_id;  ///< as InstanceSource::ReadStorageId; empty when not known
  std::string sha256;      ///< of the file, 64 lower-case hexadecimal digits; empty when it was not read
};

/// The outcome of one instance, as it is written on that instance.
struct Outcome {
  OutcomeKind kind = OutcomeKind::kFailed;
  std::vector<CodedReason> reasons;
  absl::optional<Classification> classification;  ///< present exactly when analysed, with or without warnings
  absl::optional<ModelIdentity> model;
  std::vector<StoredObject> objects;
  SourceVersion source;
  absl::Time settled_at;
};

[[nodiscard]] bool IsAnalysed(OutcomeKind kind);

[[nodiscard]] nlohmann::json ReasonsToJson(const std::vector<CodedReason>& reasons);
[[nodiscard]] nlohmann::json ModelToJson(const absl::optional<ModelIdentity>& model);

/// The form in which an outcome is kept and shown. Absent parts are null.
[[nodiscard]] nlohmann::json OutcomeToJson(const Outcome& outcome);

/// The inverse of OutcomeToJson; INVALID_ARGUMENT when `text` is not such a document.
[[nodiscard]] absl::StatusOr<Outcome> OutcomeFromJson(const std::string& text);

/// The kind a name stands for, or nothing.
[[nodiscard]] absl::optional<OutcomeKind> OutcomeKindFromName(absl::string_view name);

}  // namespace cxr::plugin
