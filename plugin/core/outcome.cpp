// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/core/outcome.h"

#include <array>
#include <utility>

#include "nlohmann/json.hpp"

namespace cxr::plugin {
namespace {

using nlohmann::json;

constexpr std::array<std::pair<OutcomeKind, const char*>, 4> kNames = {{
    {OutcomeKind::kAnalysed, "analysed"},
    {OutcomeKind::kAnalysedWithWarnings, "analysed with warnings"},
    {OutcomeKind::kNotApplicable, "not applicable"},
    {OutcomeKind::kFailed, "failed"},
}};

json ClassificationToJson(const Classification& c) {
  return {{"finding", c.finding},
          {"positive", c.conclusion == kPositive},
          {"conclusion", c.conclusion},
          {"score", c.score},
          {"operating_point", c.operating_point},
          {"indeterminate_from", c.indeterminate_from},
          {"probabilities", {{"BACTERIA", c.p_bacteria}, {"NORMAL", c.p_normal}, {"VIRUS", c.p_virus}}}};
}

Classification ClassificationFromJson(const json& document) {
  Classification c;
  c.finding = document.at("finding").get<std::string>();
  // Before version 0.2.0 there was one operating point, and what was not positive was negative.
  c.conclusion = document.value("conclusion", document.at("positive").get<bool>() ? kPositive : kNegative);
  c.score = document.at("score").get<double>();
  c.operating_point = document.at("operating_point").get<double>();
  c.indeterminate_from = document.value("indeterminate_from", c.operating_point);
  const json& probabilities = document.at("probabilities");
  c.p_bacteria = probabilities.at("BACTERIA").get<double>();
  c.p_normal = probabilities.at("NORMAL").get<double>();
  c.p_virus = probabilities.at("VIRUS").get<double>();
  return c;
}

Outcome ParseOutcome(const json& document) {
  Outcome outcome;
  const absl::optional<OutcomeKind> kind = OutcomeKindFromName(document.at("outcome").get<std::string>());
  if (!kind.has_value()) throw json::other_error::create(599, "unknown outcome", nullptr);
  outcome.kind = *kind;
  for (const json& reason : document.at("reasons")) {
    outcome.reasons.push_back({reason.at("code").get<std::string>(), reason.at("message").get<std::string>()});
  }
  if (IsAnalysed(*kind)) outcome.classification = ClassificationFromJson(document);
  const json& model = document.at("model");
  if (!model.is_null()) {
    outcome.model = ModelIdentity{model.at("name").get<std::string>(), model.at("version").get<std::string>(),
                                  model.at("sha256").get<std::string>()};
  }
  for (const json& object : document.at("objects")) {
    outcome.objects.push_back({object.at("kind").get<std::string>(), object.at("sop_instance_uid").get<std::string>(),
                               object.at("series_instance_uid").get<std::string>(),
                               object.at("instance").get<std::string>()});
  }
  const auto source = document.find("source");  // not there before version 0.2.0
  if (source != document.end()) {
    outcome.source = {source->at("storage_id").get<std::string>(), source->at("sha256").get<std::string>()};
  }
  std::string error;
  absl::ParseTime(absl::RFC3339_sec, document.at("settled_at").get<std::string>(), &outcome.settled_at, &error);
  return outcome;
}

}  // namespace

absl::string_view OutcomeName(OutcomeKind kind) {
  for (const auto& [value, name] : kNames) {
    if (value == kind) return name;
  }
  return "failed";
}

absl::optional<OutcomeKind> OutcomeKindFromName(absl::string_view name) {
  for (const auto& [value, candidate] : kNames) {
    if (name == candidate) return value;
  }
  return absl::nullopt;
}

bool IsAnalysed(OutcomeKind kind) {
  return kind == OutcomeKind::kAnalysed || kind == OutcomeKind::kAnalysedWithWarnings;
}

json ReasonsToJson(const std::vector<CodedReason>& reasons) {
  json list = json::array();
  for (const CodedReason& reason : reasons) list.push_back({{"code", reason.code}, {"message", reason.message}});
  return list;
}

json ModelToJson(const absl::optional<ModelIdentity>& model) {
  if (!model.has_value()) return nullptr;
  return {{"name", model->name}, {"version", model->version}, {"sha256", model->sha256}};
}

json OutcomeToJson(const Outcome& outcome) {
  json document = {{"finding", nullptr},      {"positive", nullptr},        {"conclusion", nullptr},
                   {"score", nullptr},        {"operating_point", nullptr}, {"indeterminate_from", nullptr},
                   {"probabilities", nullptr}};
  if (IsAnalysed(outcome.kind) && outcome.classification.has_value()) {
    document = ClassificationToJson(*outcome.classification);
  }
  document["outcome"] = std::string(OutcomeName(outcome.kind));
  document["reasons"] = ReasonsToJson(outcome.reasons);
  document["model"] = ModelToJson(outcome.model);
  json objects = json::array();
  for (const StoredObject& object : outcome.objects) {
    objects.push_back({{"kind", object.kind},
                       {"sop_instance_uid", object.sop_instance_uid},
                       {"series_instance_uid", object.series_instance_uid},
                       {"instance", object.instance_id}});
  }
  document["objects"] = std::move(objects);
  document["source"] = {{"storage_id", outcome.source.storage_id}, {"sha256", outcome.source.sha256}};
  document["settled_at"] = absl::FormatTime(absl::RFC3339_sec, outcome.settled_at, absl::UTCTimeZone());
  return document;
}

absl::StatusOr<Outcome> OutcomeFromJson(const std::string& text) {
  try {
    return ParseOutcome(json::parse(text));
  } catch (const json::exception&) {
    return absl::InvalidArgumentError("The text is not an outcome written by this plugin.");
  }
}

}  // namespace cxr::plugin
