// SPDX-License-Identifier: Apache-2.0
#include "service/analyze/result_record.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "service/core/result_numbers.h"

namespace cxr {
namespace {

using nlohmann::ordered_json;

constexpr char kFailed[] = "failed";

std::string OutcomeText(v1::Outcome outcome) {
  switch (outcome) {
    case v1::OUTCOME_ANALYSED:
      return "analysed";
    case v1::OUTCOME_ANALYSED_WITH_WARNINGS:
      return "analysed with warnings";
    case v1::OUTCOME_NOT_APPLICABLE:
      return "not applicable";
    default:
      return kFailed;
  }
}

std::string ReasonText(v1::ReasonCode code) {
  const std::string name = v1::ReasonCode_Name(code);  // empty for a code newer than this client
  return name.empty() ? absl::StrCat("REASON_", static_cast<int>(code))
                      : std::string(absl::StripPrefix(name, "REASON_CODE_"));
}

bool IsProbability(double value) {
  return value >= 0 && value <= 1;
}  // false for NaN

/// The numbers as every form of the result shows them.
void ShowRounded(const v1::Decision& decision, ResultRecord& record) {
  const ResultNumbers numbers = RoundResult({*record.p_bacteria, *record.p_normal, *record.p_virus}, *record.score,
                                            {decision.indeterminate_from(), decision.operating_point()});
  record.score = ShareOf(numbers.score);
  record.p_bacteria = ShareOf(numbers.Of(Pattern::kBacteria));
  record.p_normal = ShareOf(numbers.Of(Pattern::kNormal));
  record.p_virus = ShareOf(numbers.Of(Pattern::kVirus));
}

/// Nothing of what this client does not know.
void FillDecision(const v1::Decision& decision, ResultRecord& record) {
  const v1::Pattern finding = decision.finding();
  if (finding == v1::PATTERN_UNSPECIFIED || !v1::Pattern_IsValid(finding)) return;
  record.finding = std::string(absl::StripPrefix(v1::Pattern_Name(finding), "PATTERN_"));
  switch (decision.conclusion()) {
    case v1::CONCLUSION_NEGATIVE:
      record.conclusion = "negative";
      break;
    case v1::CONCLUSION_POSITIVE:
      record.conclusion = "positive";
      break;
    case v1::CONCLUSION_INDETERMINATE:
      record.conclusion = "indeterminate";
      record.finding = "INDETERMINATE";
      break;
    default:
      break;
  }
}

/// False when the classification is not complete.
bool FillClassification(const v1::Classification& classification, ResultRecord& record) {
  for (const v1::PatternProbability& probability : classification.probabilities()) {
    if (!IsProbability(probability.calibrated())) return false;
    if (probability.pattern() == v1::PATTERN_BACTERIA) record.p_bacteria = probability.calibrated();
    if (probability.pattern() == v1::PATTERN_NORMAL) record.p_normal = probability.calibrated();
    if (probability.pattern() == v1::PATTERN_VIRUS) record.p_virus = probability.calibrated();
  }
  FillDecision(classification.decision(), record);
  if (IsProbability(classification.pneumonia_score())) record.score = classification.pneumonia_score();
  const bool complete = record.p_bacteria.has_value() && record.p_normal.has_value() && record.p_virus.has_value() &&
                        record.finding.has_value() && record.conclusion.has_value() && record.score.has_value();
  if (complete) ShowRounded(classification.decision(), record);
  return complete;
}

template <typename T>
ordered_json OrNull(const absl::optional<T>& value) {
  return value.has_value() ? ordered_json(*value) : ordered_json(nullptr);
}

/// Six significant digits, and no fraction where there is none.
ordered_json Number(const absl::optional<double>& value) {
  if (!value.has_value()) return nullptr;
  double rounded = 0;
  (void)absl::SimpleAtod(absl::StrFormat("%.6g", *value), &rounded);
  if (rounded == std::trunc(rounded) && std::abs(rounded) < 1e6) return static_cast<int>(rounded);
  return rounded;
}

ordered_json Objects(const std::vector<WrittenObject>& objects) {
  ordered_json list = ordered_json::array();
  for (const WrittenObject& object : objects) {
    list.push_back({{"kind", object.kind},
                    {"sop_class_uid", object.sop_class_uid},
                    {"sop_instance_uid", object.sop_instance_uid},
                    {"file", object.file}});
  }
  return list;
}

/// The text of `json` on one line, with a blank behind every colon and comma between values. The library has no such
/// form: its own is without blanks or of many lines.
std::string OnOneLine(const ordered_json& json) {
  if (!json.is_structured()) return json.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
  std::vector<std::string> parts;
  for (const auto& [key, value] : json.items()) {
    parts.push_back(json.is_object() ? absl::StrCat(OnOneLine(key), ": ", OnOneLine(value)) : OnOneLine(value));
  }
  const std::string inside = absl::StrJoin(parts, ", ");
  return json.is_object() ? absl::StrCat("{", inside, "}") : absl::StrCat("[", inside, "]");
}

}  // namespace

ResultRecord RecordOf(const std::string& file, const v1::AnalyzeResponse& response) {
  ResultRecord record;
  record.file = file;
  record.outcome = OutcomeText(response.outcome());
  if (record.failed()) return FailedRecord(file, {"INVALID_ANSWER", "The server's answer has no outcome."});
  for (const v1::Reason& reason : response.reasons()) record.reasons.push_back(ReasonText(reason.code()));
  if (response.has_model()) record.model = absl::StrCat(response.model().name(), " ", response.model().version());
  const bool has_class = response.outcome() != v1::OUTCOME_NOT_APPLICABLE;
  if (has_class && !FillClassification(response.classification(), record)) {
    return FailedRecord(file, {"INVALID_ANSWER", "The server's answer has no complete classification."});
  }
  return record;
}

ResultRecord FailedRecord(const std::string& file, const InputFailure& failure) {
  ResultRecord record;
  record.file = file;
  record.outcome = kFailed;
  record.reasons = {failure.reason};
  record.error = failure.message;
  return record;
}

std::string ToJson(const ResultRecord& record) {
  ordered_json json = {{"file", record.file},
                       {"outcome", record.outcome},
                       {"reasons", record.reasons},
                       {"finding", OrNull(record.finding)},
                       {"score", Number(record.score)},
                       {"p_bacteria", Number(record.p_bacteria)},
                       {"p_normal", Number(record.p_normal)},
                       {"p_virus", Number(record.p_virus)},
                       {"model", OrNull(record.model)},
                       {"objects", Objects(record.objects)}};
  if (record.failed()) json["error"] = record.error;
  json["conclusion"] = OrNull(record.conclusion);
  return OnOneLine(json);
}

}  // namespace cxr
