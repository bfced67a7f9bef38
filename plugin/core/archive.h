// SPDX-License-Identifier: GPL-3.0-or-later
// What the plugin needs of the archive, as interfaces.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/optional.h"
#include "plugin/core/outcome.h"
#include "plugin/core/study_summary.h"

namespace cxr::plugin {

/// One entry of the archive's change log that announces a new instance.
struct NewInstance {
  std::int64_t sequence = 0;
  std::string instance_id;  ///< Orthanc's identifier
  std::string date;         ///< UTC, YYYYMMDDTHHMMSS
};

struct ChangePage {
  std::vector<NewInstance> instances;  ///< by rising sequence
  std::int64_t last = 0;               ///< every change up to this sequence has been read; never less than `since`
  bool done = false;                   ///< there is nothing after `last` yet
  bool renumbered = false;             ///< the newest change is before `since`: the log began to count anew
};

/// The archive's durable, ordered log of changes. Sequences rise and survive restarts; deleted instances leave gaps,
/// and an administrator may empty it (DELETE /changes). Thread-safe.
class ChangeLog {
 public:
  virtual ~ChangeLog() = default;

  /// At most `limit` changes of any kind after `since`; those that announce instances are returned.
  [[nodiscard]] virtual absl::StatusOr<ChangePage> Read(std::int64_t since, int limit) = 0;

  /// The newest sequence, 0 when nothing ever happened.
  [[nodiscard]] virtual absl::StatusOr<std::int64_t> Last() = 0;

  /// The sequence of the oldest change that the log still holds; nothing when it holds none.
  [[nodiscard]] virtual absl::StatusOr<absl::optional<std::int64_t>> Oldest() = 0;
};

/// Keeps the position in the change log, inside the archive's own database. Thread-safe.
class PositionStore {
 public:
  virtual ~PositionStore() = default;

  /// The position saved last, or nothing on the first start. An unreadable position is an error, never a first start.
  [[nodiscard]] virtual absl::StatusOr<absl::optional<std::int64_t>> Load() = 0;
  [[nodiscard]] virtual absl::Status Save(std::int64_t position) = 0;

  /// The moment from which on the archive's radiographs are analysed (UTC, YYYYMMDDTHHMMSS); nothing when it was never
  /// saved.
  [[nodiscard]] virtual absl::StatusOr<absl::optional<std::string>> LoadStart() = 0;
  [[nodiscard]] virtual absl::Status SaveStart(const std::string& start) = 0;
};

/// What the archive's database knows about an instance without opening its file. The tags are those of the first
/// instance that came into the series.
struct SeriesFacts {
  std::string study_id;      ///< Orthanc's identifier
  std::string modality;      ///< (0008,0060)
  std::string manufacturer;  ///< (0008,0070)
};

/// One series in the archive's list.
struct SeriesListing {
  std::string series_id;  ///< Orthanc's identifier
  SeriesFacts facts;
  std::vector<std::string> instances;  ///< Orthanc's identifiers
};

/// What the instance says of itself.
struct InstanceFacts {
  std::string modality;      ///< (0008,0060)
  std::string manufacturer;  ///< (0008,0070)
  std::string body_part;     ///< (0018,0015)
};

/// What names a study in a worklist.
struct StudyFacts {
  std::string study_instance_uid;  ///< (0020,000D)
  std::string accession_number;    ///< (0008,0050)
  std::string study_date;          ///< (0008,0020)
  std::string patient_id;          ///< (0010,0020)
};

struct SourceFile {
  std::string content;
  std::string storage_id;  ///< as ReadStorageId
};

/// Reads the archive. Thread-safe. NOT_FOUND means that the resource does not exist (any more); every other error may
/// pass.
class InstanceSource {
 public:
  virtual ~InstanceSource() = default;

  [[nodiscard]] virtual absl::StatusOr<SeriesFacts> ReadSeries(const std::string& instance_id) = 0;
  [[nodiscard]] virtual absl::StatusOr<InstanceFacts> ReadInstance(const std::string& instance_id) = 0;

  /// True when the instance was stored by a plugin (metadata Origin).
  [[nodiscard]] virtual absl::StatusOr<bool> StoredByPlugin(const std::string& instance_id) = 0;

  /// When the instance was stored (UTC, YYYYMMDDTHHMMSS); empty when the archive does not know.
  [[nodiscard]] virtual absl::StatusOr<std::string> ReceivedAt(const std::string& instance_id) = 0;

  /// Identifies the file behind the instance: another one whenever the instance is stored again.
  [[nodiscard]] virtual absl::StatusOr<std::string> ReadStorageId(const std::string& instance_id) = 0;

  /// The file as stored. A file of more than `max_bytes` is not read: a ServiceError with reason MESSAGE_TOO_LARGE.
  [[nodiscard]] virtual absl::StatusOr<SourceFile> ReadFile(const std::string& instance_id, std::int64_t max_bytes) = 0;

  [[nodiscard]] virtual absl::StatusOr<StudyFacts> ReadStudy(const std::string& study_id) = 0;

  /// The archive's series from the `since`-th on, at most `limit`, oldest first. A deleted series moves those after it
  /// forward.
  [[nodiscard]] virtual absl::StatusOr<std::vector<SeriesListing>> ListSeries(std::size_t since, std::size_t limit) = 0;
};

struct StoreReceipt {
  std::string instance_id;  ///< Orthanc's identifier
  std::string study_id;     ///< the study in which the archive put it; Orthanc's identifier
  bool was_new = false;     ///< false when the archive had the object already
};

/// Stores results in the archive. Thread-safe.
class ResultStore {
 public:
  virtual ~ResultStore() = default;

  /// Stores one PS3.10 file. An object that is there already is success. FAILED_PRECONDITION when the archive refuses
  /// this very object, UNAVAILABLE when it could not store anything.
  [[nodiscard]] virtual absl::StatusOr<StoreReceipt> Store(const std::string& content) = 0;

  /// Removes what Store added. An object that is gone already is success.
  [[nodiscard]] virtual absl::Status Remove(const std::string& instance_id) = 0;
};

/// Keeps outcomes on instances, summaries on studies and the list of recent studies, all inside the archive's own
/// database. Thread-safe; the caller keeps writers of one resource apart. Writing on a resource that does not exist is
/// NOT_FOUND.
class OutcomeStore {
 public:
  virtual ~OutcomeStore() = default;

  /// Nothing when there is no outcome, or no such instance.
  [[nodiscard]] virtual absl::StatusOr<absl::optional<Outcome>> ReadOutcome(const std::string& instance_id) = 0;
  [[nodiscard]] virtual absl::Status WriteOutcome(const std::string& instance_id, const Outcome& outcome) = 0;

  /// Nothing when there is no summary, or no such study.
  [[nodiscard]] virtual absl::StatusOr<absl::optional<StudySummary>> ReadSummary(const std::string& study_id) = 0;
  [[nodiscard]] virtual absl::Status WriteSummary(const std::string& study_id, const StudySummary& summary) = 0;

  /// Orthanc's identifiers of the studies in the worklist, oldest first. It can be lost without loss of outcomes: what
  /// is unreadable is an empty list.
  [[nodiscard]] virtual absl::StatusOr<std::vector<std::string>> ReadRecentStudies() = 0;
  [[nodiscard]] virtual absl::Status WriteRecentStudies(const std::vector<std::string>& studies) = 0;
};

}  // namespace cxr::plugin
