// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/core/worklist.h"

#include <algorithm>
#include <utility>

#include "nlohmann/json.hpp"

namespace cxr::plugin {
namespace {

using nlohmann::json;

json CountByOutcome(const StudySummary& summary) {
  json counts = json::object();
  for (const SummaryEntry& entry : summary.Entries()) {
    json& count = counts[std::string(OutcomeName(entry.kind))];
    count = count.is_null() ? 1 : count.get<int>() + 1;
  }
  return counts;
}

json WorklistEntry(const std::string& study_id, const StudySummary& summary, const StudyFacts& facts,
                   std::size_t rank) {
  json entry = EntryToJson(summary.Headline());
  entry["rank"] = rank;
  entry["study"] = study_id;
  entry["study_instance_uid"] = facts.study_instance_uid;
  entry["accession_number"] = facts.accession_number;
  entry["patient_id"] = facts.patient_id;
  entry["study_date"] = facts.study_date;
  entry["instances"] = CountByOutcome(summary);
  return entry;
}

}  // namespace

bool Worklist::Place::operator<(const Place& other) const {
  if (MoreUrgent(headline, other.headline)) return true;
  if (MoreUrgent(other.headline, headline)) return false;
  return age > other.age;
}

absl::Status Worklist::Load() {
  const std::lock_guard<std::mutex> lock(mutex_);
  return LoadLocked();
}

absl::Status Worklist::LoadLocked() {
  if (loaded_) return absl::OkStatus();
  const absl::StatusOr<std::vector<std::string>> studies = outcomes_.ReadRecentStudies();
  if (!studies.ok()) return studies.status();
  for (const std::string& study : *studies) {
    const absl::StatusOr<absl::optional<StudySummary>> summary = outcomes_.ReadSummary(study);
    if (!summary.ok()) return summary.status();
    if (summary->has_value()) MoveTo(study, (*summary)->Headline(), next_age_++);
  }
  loaded_ = true;
  return absl::OkStatus();
}

void Worklist::Forget(const std::string& study_id) {
  const auto found = places_.find(study_id);
  if (found == places_.end()) return;
  by_urgency_.erase(found->second);
  by_age_.erase(found->second.age);
  places_.erase(found);
}

void Worklist::MoveTo(const std::string& study_id, const SummaryEntry& headline, std::uint64_t age) {
  Forget(study_id);
  Place place{headline, age, study_id};
  by_urgency_.insert(place);
  by_age_.emplace(age, study_id);
  places_.emplace(study_id, std::move(place));
  while (places_.size() > capacity_) Forget(std::string(by_age_.begin()->second));
}

std::vector<std::string> Worklist::OldestFirst() const {
  std::vector<std::string> studies;
  studies.reserve(by_age_.size());
  for (const auto& [age, study] : by_age_) studies.push_back(study);
  return studies;
}

absl::Status Worklist::Put(const std::string& instance_id, const std::string& study_id, const Outcome& outcome) {
  const std::lock_guard<std::mutex> lock(mutex_);
  absl::Status status = LoadLocked();
  if (!status.ok()) return status;
  absl::StatusOr<absl::optional<StudySummary>> read = outcomes_.ReadSummary(study_id);
  if (!read.ok()) return read.status();
  StudySummary summary = read->value_or(StudySummary());
  summary.Put(instance_id, outcome);
  status = outcomes_.WriteSummary(study_id, summary);
  if (!status.ok()) return status;
  list_changed_ = list_changed_ || by_age_.empty() || by_age_.rbegin()->second != study_id;
  MoveTo(study_id, summary.Headline(), next_age_++);
  if (!list_changed_) return absl::OkStatus();
  status = outcomes_.WriteRecentStudies(OldestFirst());
  list_changed_ = !status.ok();
  return status;
}

std::vector<Worklist::Place> Worklist::After(const absl::optional<Place>& last, std::size_t count) {
  const std::lock_guard<std::mutex> lock(mutex_);
  std::vector<Place> places;
  auto place = last.has_value() ? by_urgency_.upper_bound(*last) : by_urgency_.begin();
  for (; place != by_urgency_.end() && places.size() < count; ++place) places.push_back(*place);
  return places;
}

absl::StatusOr<absl::optional<Worklist::Row>> Worklist::ReadRow(const Place& place) {
  absl::StatusOr<absl::optional<StudySummary>> summary = outcomes_.ReadSummary(place.study_id);
  if (!summary.ok()) return summary.status();
  const absl::StatusOr<StudyFacts> facts = source_.ReadStudy(place.study_id);
  if (!facts.ok() && !absl::IsNotFound(facts.status())) return facts.status();
  if (facts.ok() && summary->has_value()) return absl::optional<Row>(Row{place, **std::move(summary), *facts});
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto known = places_.find(place.study_id);
  // An outcome may have been written between our questions and now.
  if (known != places_.end() && known->second.age == place.age) Forget(place.study_id);
  return absl::optional<Row>();
}

absl::StatusOr<json> Worklist::Show(std::size_t limit) {
  const absl::Status loaded = Load();
  if (!loaded.ok()) return loaded;
  std::vector<Row> rows;
  absl::optional<Place> last;
  while (rows.size() < limit) {
    const std::vector<Place> places = After(last, limit - rows.size());
    if (places.empty()) break;
    last = places.back();
    for (const Place& place : places) {
      absl::StatusOr<absl::optional<Row>> row = ReadRow(place);
      if (!row.ok()) return row.status();
      if (row->has_value()) rows.push_back(**std::move(row));
    }
  }
  std::stable_sort(rows.begin(), rows.end(),
                   [](const Row& a, const Row& b) { return MoreUrgent(a.summary.Headline(), b.summary.Headline()); });
  json worklist = json::array();
  for (const Row& row : rows) {
    worklist.push_back(WorklistEntry(row.place.study_id, row.summary, row.facts, worklist.size() + 1));
  }
  return worklist;
}

}  // namespace cxr::plugin
