// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/core/study_summary.h"

#include <algorithm>
#include <utility>

#include "nlohmann/json.hpp"

namespace cxr::plugin {
namespace {

using nlohmann::json;

int Rank(const SummaryEntry& entry) {
  if (entry.kind == OutcomeKind::kFailed) return 1;
  if (entry.kind == OutcomeKind::kNotApplicable) return 4;
  if (entry.conclusion == kPositive) return 0;
  return entry.conclusion == kNegative ? 3 : 2;
}

json EntryForMetadata(const SummaryEntry& entry) {
  json document = EntryToJson(entry);
  document["results"] = entry.results;
  document["source_sha256"] = entry.source_sha256;
  return document;
}

SummaryEntry EntryFromJson(const json& document) {
  SummaryEntry entry;
  entry.instance_id = document.at("instance").get<std::string>();
  entry.kind = OutcomeKindFromName(document.at("outcome").get<std::string>()).value_or(OutcomeKind::kFailed);
  if (IsAnalysed(entry.kind)) {
    entry.finding = document.at("finding").get<std::string>();
    entry.conclusion = document.value("conclusion", document.at("positive").get<bool>() ? kPositive : kNegative);
    entry.score = document.at("score").get<double>();
  }
  // None of these is there before version 0.2.0.
  entry.reasons = document.value("reasons", std::vector<std::string>());
  entry.results = document.value("results", std::vector<std::string>());
  entry.source_sha256 = document.value("source_sha256", std::string());
  return entry;
}

}  // namespace

json EntryToJson(const SummaryEntry& entry) {
  const bool analysed = IsAnalysed(entry.kind);
  return {{"instance", entry.instance_id},
          {"outcome", std::string(OutcomeName(entry.kind))},
          {"finding", analysed ? json(entry.finding) : json(nullptr)},
          {"positive", analysed ? json(entry.conclusion == kPositive) : json(nullptr)},
          {"conclusion", analysed ? json(entry.conclusion) : json(nullptr)},
          {"score", analysed ? json(entry.score) : json(nullptr)},
          {"reasons", entry.reasons}};
}

bool MoreUrgent(const SummaryEntry& a, const SummaryEntry& b) {
  const int rank_a = Rank(a);
  const int rank_b = Rank(b);
  return rank_a != rank_b ? rank_a < rank_b : a.score > b.score;
}

void StudySummary::Put(const std::string& instance_id, const Outcome& outcome) {
  SummaryEntry entry;
  entry.instance_id = instance_id;
  entry.kind = outcome.kind;
  entry.source_sha256 = outcome.source.sha256;
  for (const CodedReason& reason : outcome.reasons) entry.reasons.push_back(reason.code);
  for (const StoredObject& object : outcome.objects) entry.results.push_back(object.instance_id);
  if (IsAnalysed(outcome.kind) && outcome.classification.has_value()) {
    entry.finding = outcome.classification->finding;
    entry.conclusion = outcome.classification->conclusion;
    entry.score = outcome.classification->score;
  }
  entries_.erase(std::remove_if(entries_.begin(), entries_.end(),
                                [&](const SummaryEntry& other) { return other.instance_id == instance_id; }),
                 entries_.end());
  entries_.push_back(std::move(entry));
  std::stable_sort(entries_.begin(), entries_.end(), MoreUrgent);
  if (entries_.size() > kMaxEntries) entries_.resize(kMaxEntries);
}

const SummaryEntry* StudySummary::Find(const std::string& instance_id) const {
  const auto found = std::find_if(entries_.begin(), entries_.end(),
                                  [&](const SummaryEntry& entry) { return entry.instance_id == instance_id; });
  return found == entries_.end() ? nullptr : &*found;
}

json StudySummary::ToJson() const {
  json document = EntryToJson(Headline());
  json instances = json::array();
  for (const SummaryEntry& entry : entries_) instances.push_back(EntryForMetadata(entry));
  document["instances"] = std::move(instances);
  return document;
}

absl::StatusOr<StudySummary> StudySummary::FromJson(const std::string& text) {
  StudySummary summary;
  try {
    const json document = json::parse(text);
    for (const json& entry : document.at("instances")) summary.entries_.push_back(EntryFromJson(entry));
  } catch (const json::exception&) {
    summary.entries_.clear();
  }
  if (summary.entries_.empty()) {
    return absl::InvalidArgumentError("The text is not a study summary written by this plugin.");
  }
  std::stable_sort(summary.entries_.begin(), summary.entries_.end(), MoreUrgent);
  return summary;
}

}  // namespace cxr::plugin
