// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "plugin/core/archive.h"
#include "plugin/core/service_error.h"

namespace cxr::plugin {

/// An archive in memory: change log, instances, results, metadata and properties behind the plugin's ports. It locks,
/// so that tests may use it from several threads.
class FakeArchive : public ChangeLog,
                    public PositionStore,
                    public InstanceSource,
                    public ResultStore,
                    public OutcomeStore {
 public:
  struct Instance {
    SeriesFacts series;
    InstanceFacts facts;
    bool by_plugin = false;
    std::string file = "dicom";
    std::string received = "20231114T221320";
    int stored_again = 0;
  };

  void AddInstance(const std::string& id, const std::string& modality = "DX", const std::string& body_part = "CHEST",
                   const std::string& manufacturer = "ACME", const std::string& study = "study") {
    Instance& instance = instances[id];
    instance.series = {study, modality, manufacturer};
    instance.facts = {modality, manufacturer, body_part};
    log.push_back({++sequence, id, instance.received});
  }

  /// The same instance with other content: what it carried is lost, and the log announces it again.
  void StoreAgain(const std::string& id, const std::string& file) {
    const std::lock_guard<std::recursive_mutex> lock(mutex_);
    instances.at(id).file = file;
    ++instances.at(id).stored_again;
    written.erase(id);
    log.push_back({++sequence, id, instances.at(id).received});
  }

  /// DELETE /changes.
  void EmptyLog() {
    const std::lock_guard<std::recursive_mutex> lock(mutex_);
    log.clear();
  }

  /// A change that is not a new instance.
  void AddOtherChange() { ++sequence; }

  void Delete(const std::string& id) {
    instances.erase(id);
    written.erase(id);
    log.erase(
        std::remove_if(log.begin(), log.end(), [&](const NewInstance& change) { return change.instance_id == id; }),
        log.end());
  }

  absl::StatusOr<ChangePage> Read(std::int64_t since, int limit) override {
    const std::lock_guard<std::recursive_mutex> lock(mutex_);
    ++reads;
    if (!log_error.ok()) return log_error;
    ChangePage page;
    page.last = std::max(since, std::min(since + limit, sequence));
    page.done = page.last >= sequence;
    page.renumbered = sequence > 0 && sequence < since;
    for (const NewInstance& change : log) {
      if (change.sequence > since && change.sequence <= page.last) page.instances.push_back(change);
    }
    return page;
  }
  absl::StatusOr<std::int64_t> Last() override {
    const std::lock_guard<std::recursive_mutex> lock(mutex_);
    return sequence;
  }
  absl::StatusOr<absl::optional<std::int64_t>> Oldest() override {
    const std::lock_guard<std::recursive_mutex> lock(mutex_);
    if (!log_error.ok()) return log_error;
    if (log.empty()) return absl::optional<std::int64_t>();
    return absl::optional<std::int64_t>(log.front().sequence);
  }

  absl::StatusOr<absl::optional<std::int64_t>> Load() override {
    const std::lock_guard<std::recursive_mutex> lock(mutex_);
    if (!position_error.ok()) return position_error;
    return position;
  }
  absl::Status Save(std::int64_t value) override {
    const std::lock_guard<std::recursive_mutex> lock(mutex_);
    if (!position_error.ok()) return position_error;
    position = value;
    return absl::OkStatus();
  }
  absl::StatusOr<absl::optional<std::string>> LoadStart() override {
    const std::lock_guard<std::recursive_mutex> lock(mutex_);
    return start;
  }
  absl::Status SaveStart(const std::string& value) override {
    const std::lock_guard<std::recursive_mutex> lock(mutex_);
    start = value;
    return absl::OkStatus();
  }

  absl::StatusOr<SeriesFacts> ReadSeries(const std::string& id) override {
    const std::lock_guard<std::recursive_mutex> lock(mutex_);
    ++series_reads;
    const auto found = instances.find(id);
    if (found == instances.end()) return absl::NotFoundError("no instance");
    return found->second.series;
  }
  absl::StatusOr<InstanceFacts> ReadInstance(const std::string& id) override {
    const std::lock_guard<std::recursive_mutex> lock(mutex_);
    ++files_opened;
    if (!instance_error.ok()) return instance_error;
    const auto found = instances.find(id);
    if (found == instances.end()) return absl::NotFoundError("no instance");
    return found->second.facts;
  }
  absl::StatusOr<bool> StoredByPlugin(const std::string& id) override {
    const std::lock_guard<std::recursive_mutex> lock(mutex_);
    return instances.at(id).by_plugin;
  }
  absl::StatusOr<std::string> ReceivedAt(const std::string& id) override {
    const std::lock_guard<std::recursive_mutex> lock(mutex_);
    const auto found = instances.find(id);
    return found == instances.end() ? std::string() : found->second.received;
  }
  absl::StatusOr<std::string> ReadStorageId(const std::string& id) override {
    const std::lock_guard<std::recursive_mutex> lock(mutex_);
    const auto found = instances.find(id);
    if (found == instances.end()) return absl::NotFoundError("no instance");
    return absl::StrCat(id, "-", found->second.stored_again);
  }
  absl::StatusOr<std::vector<SeriesListing>> ListSeries(std::size_t since, std::size_t limit) override {
    const std::lock_guard<std::recursive_mutex> lock(mutex_);
    ++list_pages;
    if (on_list) on_list();
    std::vector<SeriesListing> list;  // each instance in a series of its own, in the order of their names
    std::size_t index = 0;
    for (const auto& [id, instance] : instances) {
      if (index >= since && list.size() < limit) list.push_back({"series-" + id, instance.series, {id}});
      ++index;
    }
    return list;
  }
  absl::StatusOr<SourceFile> ReadFile(const std::string& id, std::int64_t max_bytes) override {
    const std::lock_guard<std::recursive_mutex> lock(mutex_);
    const auto found = instances.find(id);
    if (found == instances.end()) return absl::NotFoundError("no instance");
    if (!file_error.ok()) return file_error;
    if (unreadable.count(id) != 0) return absl::UnavailableError("storage");
    if (static_cast<std::int64_t>(found->second.file.size()) > max_bytes) {
      return ServiceError(absl::StatusCode::kResourceExhausted, kMessageTooLarge, "too large");
    }
    return SourceFile{found->second.file, *ReadStorageId(id)};
  }
  absl::StatusOr<StudyFacts> ReadStudy(const std::string& id) override {
    const std::lock_guard<std::recursive_mutex> lock(mutex_);
    if (deleted_studies.count(id) != 0) return absl::NotFoundError("no study");
    return StudyFacts{absl::StrCat("uid-", id), "accession", "20240101", "patient"};
  }

  absl::StatusOr<StoreReceipt> Store(const std::string& content) override {
    const std::lock_guard<std::recursive_mutex> lock(mutex_);
    if (!store_error.ok()) return store_error;
    const auto own_error = store_errors.find(content);
    if (own_error != store_errors.end()) return own_error->second;
    return StoreReceipt{absl::StrCat("stored-", content), files_into, results.insert(content).second};
  }
  absl::Status Remove(const std::string& id) override {
    const std::lock_guard<std::recursive_mutex> lock(mutex_);
    if (!remove_error.ok()) return remove_error;
    removed.insert(id);
    results.erase(id.substr(std::string("stored-").size()));
    return absl::OkStatus();
  }

  absl::StatusOr<absl::optional<Outcome>> ReadOutcome(const std::string& id) override {
    const std::lock_guard<std::recursive_mutex> lock(mutex_);
    const auto found = written.find(id);
    return found == written.end() ? absl::optional<Outcome>() : absl::optional<Outcome>(found->second);
  }
  absl::Status WriteOutcome(const std::string& id, const Outcome& outcome) override {
    const std::lock_guard<std::recursive_mutex> lock(mutex_);
    if (!outcome_error.ok()) return outcome_error;
    results_at_outcome = results.size();
    written[id] = outcome;
    return absl::OkStatus();
  }
  absl::StatusOr<absl::optional<StudySummary>> ReadSummary(const std::string& id) override {
    const std::lock_guard<std::recursive_mutex> lock(mutex_);
    ++summary_reads;
    const auto found = summaries.find(id);
    if (found == summaries.end() || deleted_studies.count(id) != 0) return absl::optional<StudySummary>();
    return absl::optional<StudySummary>(found->second);
  }
  absl::Status WriteSummary(const std::string& id, const StudySummary& summary) override {
    const std::lock_guard<std::recursive_mutex> lock(mutex_);
    summaries[id] = summary;
    return absl::OkStatus();
  }
  absl::StatusOr<std::vector<std::string>> ReadRecentStudies() override {
    const std::lock_guard<std::recursive_mutex> lock(mutex_);
    return recent_studies;
  }
  absl::Status WriteRecentStudies(const std::vector<std::string>& value) override {
    const std::lock_guard<std::recursive_mutex> lock(mutex_);
    recent_studies = value;
    return absl::OkStatus();
  }

  std::recursive_mutex mutex_;
  std::int64_t sequence = 0;
  std::vector<NewInstance> log;
  std::map<std::string, Instance> instances;
  absl::optional<std::int64_t> position;
  std::set<std::string> results;
  std::set<std::string> removed;
  std::map<std::string, Outcome> written;
  std::map<std::string, StudySummary> summaries;
  std::set<std::string> deleted_studies;
  std::vector<std::string> recent_studies;
  std::size_t results_at_outcome = 0;
  absl::optional<std::string> start = "20231114T221320";
  std::string files_into = "study";                  ///< the study in which results end up
  std::map<std::string, absl::Status> store_errors;  ///< by content
  std::set<std::string> unreadable;
  std::function<void()> on_list;
  int reads = 0;
  int list_pages = 0;
  int series_reads = 0;
  int summary_reads = 0;
  int files_opened = 0;
  absl::Status log_error, position_error, instance_error, file_error, store_error, outcome_error, remove_error;
};

}  // namespace cxr::plugin
