// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/rpc/response_conversion.h"

#include <string>
#include <utility>

#include "absl/strings/strip.h"
#include "plugin/core/service_error.h"

namespace cxr::plugin {
namespace {

absl::Status InvalidResponse(absl::string_view what) {
  return ServiceError(absl::StatusCode::kInternal, "INVALID_RESPONSE", what);
}

bool IsProbability(double value) {
  return value >= 0 && value <= 1;
}  // false for NaN

absl::StatusOr<OutcomeKind> FromProto(cxr::v1::Outcome outcome) {
  switch (outcome) {
    case cxr::v1::OUTCOME_ANALYSED:
      return OutcomeKind::kAnalysed;
    case cxr::v1::OUTCOME_ANALYSED_WITH_WARNINGS:
      return OutcomeKind::kAnalysedWithWarnings;
    case cxr::v1::OUTCOME_NOT_APPLICABLE:
      return OutcomeKind::kNotApplicable;
    default:
      return InvalidResponse("The service answered with an outcome that this plugin does not know.");
  }
}

std::string PatternName(cxr::v1::Pattern pattern) {
  return std::string(absl::StripPrefix(cxr::v1::Pattern_Name(pattern), "PATTERN_"));
}

/// "positive", "indeterminate" or "negative"; empty for what this plugin does not know.
std::string ConclusionName(cxr::v1::Conclusion conclusion) {
  switch (conclusion) {
    case cxr::v1::CONCLUSION_NEGATIVE:
      return kNegative;
    case cxr::v1::CONCLUSION_INDETERMINATE:
      return kIndeterminate;
    case cxr::v1::CONCLUSION_POSITIVE:
      return kPositive;
    default:
      return {};
  }
}

bool Contradicts(const cxr::v1::Decision& decision, double score) {
  const bool negative = decision.conclusion() == cxr::v1::CONCLUSION_NEGATIVE;
  const bool positive = decision.conclusion() == cxr::v1::CONCLUSION_POSITIVE;
  return (decision.finding() == cxr::v1::PATTERN_NORMAL) != negative || decision.positive() != positive ||
         positive != (score >= decision.operating_point()) || (negative && score >= decision.indeterminate_from());
}

absl::StatusOr<Classification> FromProto(const cxr::v1::Classification& message) {
  Classification result;
  for (const cxr::v1::PatternProbability& probability : message.probabilities()) {
    if (!IsProbability(probability.calibrated())) return InvalidResponse("A probability is not between 0 and 1.");
    if (probability.pattern() == cxr::v1::PATTERN_BACTERIA) result.p_bacteria = probability.calibrated();
    if (probability.pattern() == cxr::v1::PATTERN_NORMAL) result.p_normal = probability.calibrated();
    if (probability.pattern() == cxr::v1::PATTERN_VIRUS) result.p_virus = probability.calibrated();
  }
  const cxr::v1::Decision& decision = message.decision();
  const bool known_finding =
      cxr::v1::Pattern_IsValid(decision.finding()) && decision.finding() != cxr::v1::PATTERN_UNSPECIFIED;
  if (message.probabilities_size() != 3 || !known_finding || ConclusionName(decision.conclusion()).empty()) {
    return InvalidResponse("The service's classification is incomplete.");
  }
  if (!IsProbability(message.pneumonia_score()) || Contradicts(decision, message.pneumonia_score())) {
    return InvalidResponse("The service's decision contradicts its score.");
  }
  result.conclusion = ConclusionName(decision.conclusion());
  result.finding =
      decision.conclusion() == cxr::v1::CONCLUSION_INDETERMINATE ? "INDETERMINATE" : PatternName(decision.finding());
  result.score = message.pneumonia_score();
  result.operating_point = decision.operating_point();
  result.indeterminate_from = decision.indeterminate_from();
  return result;
}

std::string KindName(cxr::v1::ObjectKind kind) {
  switch (kind) {
    case cxr::v1::OBJECT_KIND_SECONDARY_CAPTURE:
      return "secondary capture";
    case cxr::v1::OBJECT_KIND_STRUCTURED_REPORT:
      return "structured report";
    case cxr::v1::OBJECT_KIND_PRESENTATION_STATE:
      return "presentation state";
    case cxr::v1::OBJECT_KIND_PARAMETRIC_MAP:
      return "parametric map";
    default:
      return "other";
  }
}

}  // namespace

ModelIdentity FromProto(const cxr::v1::ModelIdentity& model) {
  return {model.name(), model.version(), model.sha256()};
}

absl::StatusOr<AnalysisResult> FromProto(cxr::v1::AnalyzeResponse response) {
  AnalysisResult result;
  const absl::StatusOr<OutcomeKind> kind = FromProto(response.outcome());
  if (!kind.ok()) return kind.status();
  result.kind = *kind;
  if (IsAnalysed(*kind) != response.has_classification()) {
    return InvalidResponse("The service's outcome and classification do not go together.");
  }
  if (response.has_classification()) {
    absl::StatusOr<Classification> classification = FromProto(response.classification());
    if (!classification.ok()) return classification.status();
    result.classification = *std::move(classification);
  }
  for (const cxr::v1::Reason& reason : response.reasons()) {
    const std::string name = cxr::v1::ReasonCode_Name(reason.code());
    result.reasons.push_back({std::string(absl::StripPrefix(name, "REASON_CODE_")), reason.message()});
  }
  result.model = FromProto(response.model());
  for (cxr::v1::DicomObject& object : *response.mutable_objects()) {
    result.objects.push_back({KindName(object.kind()), object.sop_instance_uid(), object.series_instance_uid(),
                              std::move(*object.mutable_content())});
  }
  return result;
}

}  // namespace cxr::plugin
