// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/core/worklist.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "nlohmann/json.hpp"

namespace cxr::plugin {
namespace {

using nlohmann::json;

struct Row {
  std::string study_id;
  StudySummary summary;
};

absl::StatusOr<std::vector<Row>> ReadRows(OutcomeStore& outcomes) {
  const absl::StatusOr<WorklistIndex> index = outcomes.ReadIndex();
  if (!index.ok()) return index.status();
  std::vector<Row> rows;
  for (auto study = index->Studies().rbegin(); study != index->Studies().rend(); ++study) {
    absl::StatusOr<absl::optional<StudySummary>> summary = outcomes.ReadSummary(*study);
    if (!summary.ok()) return summary.status();
    if (summary->has_value()) rows.push_back({*study, **std::move(summary)});
  }
  std::stable_sort(rows.begin(), rows.end(),
                   [](const Row& a, const Row& b) { return MoreUrgent(a.summary.Headline(), b.summary.Headline()); });
  return rows;
}

json CountByOutcome(const StudySummary& summary) {
  json counts = json::object();
  for (const SummaryEntry& entry : summary.Entries()) {
    json& count = counts[std::string(OutcomeName(entry.kind))];
    count = count.is_null() ? 1 : count.get<int>() + 1;
  }
  return counts;
}

json Entry(const Row& row, const StudyFacts& facts, std::size_t rank) {
  json entry = row.summary.ToJson();
  entry["rank"] = rank;
  entry["study"] = row.study_id;
  entry["study_instance_uid"] = facts.study_instance_uid;
  entry["accession_number"] = facts.accession_number;
  entry["patient_id"] = facts.patient_id;
  entry["study_date"] = facts.study_date;
  entry["instances"] = CountByOutcome(row.summary);
  return entry;
}

}  // namespace

absl::StatusOr<json> BuildWorklist(OutcomeStore& outcomes, InstanceSource& source, std::size_t limit) {
  const absl::StatusOr<std::vector<Row>> rows = ReadRows(outcomes);
  if (!rows.ok()) return rows.status();
  json worklist = json::array();
  for (const Row& row : *rows) {
    if (worklist.size() >= limit) break;
    const absl::StatusOr<StudyFacts> facts = source.ReadStudy(row.study_id);
    if (absl::IsNotFound(facts.status())) continue;
    if (!facts.ok()) return facts.status();
    worklist.push_back(Entry(row, *facts, worklist.size() + 1));
  }
  return worklist;
}

}  // namespace cxr::plugin
