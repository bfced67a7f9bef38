// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/optional.h"
#include "nlohmann/json_fwd.hpp"
#include "plugin/core/archive.h"

namespace cxr::plugin {

/// The recent studies in the order of their urgency, bounded. The order is kept in memory; what is shown of a study is
/// read from the archive, so a question costs what it shows, not what the worklist holds. Thread-safe; it is the only
/// writer of summaries and of the list of recent studies.
class Worklist {
 public:
  Worklist(OutcomeStore& outcomes, InstanceSource& source, std::size_t capacity)
      : outcomes_(outcomes), source_(source), capacity_(capacity) {}

  /// Reads the list and its summaries, once; Put and Show do it too if it has not been done.
  [[nodiscard]] absl::Status Load();

  /// Takes the outcome of an instance into the summary of its study, which becomes the newest. Repeating it is
  /// harmless. NOT_FOUND when the study is gone.
  [[nodiscard]] absl::Status Put(const std::string& instance_id, const std::string& study_id, const Outcome& outcome);

  /// The `limit` most urgent studies, most urgent first (MoreUrgent), among equals the newest first. A study that was
  /// deleted drops out. A study stands where its most urgent instance stands.
  ///
  /// Each entry: rank (1 is the most urgent), outcome, finding, positive, conclusion, score (null unless analysed),
  /// reasons (codes), study (Orthanc's identifier), instance (the one that decides), study_instance_uid,
  /// accession_number, patient_id, study_date, instances (the number of instances with each outcome).
  [[nodiscard]] absl::StatusOr<nlohmann::json> Show(std::size_t limit);

 private:
  /// A study's place: the most urgent compares less.
  struct Place {
    SummaryEntry headline;
    std::uint64_t age = 0;  ///< larger is newer
    std::string study_id;
    bool operator<(const Place& other) const;
  };
  struct Row {
    Place place;
    StudySummary summary;
    StudyFacts facts;
  };

  [[nodiscard]] std::vector<Place> After(const absl::optional<Place>& last, std::size_t count);
  [[nodiscard]] absl::StatusOr<absl::optional<Row>> ReadRow(const Place& place);
  // With mutex_ held:
  [[nodiscard]] absl::Status LoadLocked();
  void MoveTo(const std::string& study_id, const SummaryEntry& headline, std::uint64_t age);
  void Forget(const std::string& study_id);
  [[nodiscard]] std::vector<std::string> OldestFirst() const;

  OutcomeStore& outcomes_;
  InstanceSource& source_;
  const std::size_t capacity_;
  std::mutex mutex_;  ///< guards what follows, and keeps the read-modify-write of a summary whole
  bool loaded_ = false;
  bool list_changed_ = false;  ///< the archive has not got the newest list
  std::uint64_t next_age_ = 1;
  std::set<Place> by_urgency_;
  std::map<std::uint64_t, std::string> by_age_;  ///< study identifiers
  std::map<std::string, Place> places_;          ///< by study identifier
};

}  // namespace cxr::plugin
