// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"
#include "plugin/core/archive.h"
#include "plugin/core/backlog.h"
#include "plugin/core/forwarding_policy.h"

namespace cxr::plugin {

/// Changes read at once.
inline constexpr int kPageSize = 100;

/// The moment in the form of the archive's dates: UTC, YYYYMMDDTHHMMSS.
[[nodiscard]] std::string ArchiveTime(absl::Time time);

/// Where to start.
struct StartPoint {
  std::int64_t position = 0;
  std::string since;  ///< radiographs stored from this moment on are ours (UTC, YYYYMMDDTHHMMSS)
};

/// Where we stopped, or, on the first start, the present. What came in since `started`, the moment the archive loaded
/// us, belongs to the present: it may be stored before anybody can read the log. Both parts of a first start are saved,
/// so that a crash before the first instance does not make a second first start. The log's dates are in whole seconds,
/// so what was stored in the very second of the start counts as new. A position without a moment was saved by version
/// 0.1.0: the first instance after it gives the moment.
[[nodiscard]] absl::StatusOr<StartPoint> FindStartPoint(ChangeLog& log, PositionStore& positions, absl::Time started);

/// Walks the archive's own list, a page of series at a time, and yields what may be a radiograph. A series that is
/// deleted meanwhile makes it read some twice, never skip one (unless more than a page is deleted between two calls).
/// Not thread-safe.
class ArchiveWalk {
 public:
  static constexpr std::size_t kSeriesPage = 100;

  struct Found {
    std::string instance_id;
    SeriesFacts series;
  };

  explicit ArchiveWalk(InstanceSource& source) : source_(&source) {}

  /// The next candidates, possibly none; nothing at the end of the list.
  [[nodiscard]] absl::StatusOr<absl::optional<std::vector<Found>>> Next();

 private:
  InstanceSource* source_;
  std::size_t next_ = 0;
  std::string last_series_;  ///< the one before next_; empty when it is not known
};

/// Follows the change log and queues every eligible instance. When the log was emptied before it was read, it looks
/// through the archive's own list for radiographs that were stored since the start and have no outcome; until they are
/// settled the position stays where it was, so that a crash makes it look again. One caller of Step; Since is
/// thread-safe.
class ChangeFeed {
 public:
  struct Ports {
    ChangeLog& log;
    PositionStore& positions;
    InstanceSource& source;
    OutcomeStore& outcomes;
    Backlog& backlog;
  };

  /// What one step did.
  struct Report {
    bool began = false;      ///< the first step that succeeded
    bool log_lost = false;   ///< the log was found emptied or counting anew
    bool more = false;       ///< there is more to do at once
    bool announced = false;  ///< the log announced instances
    int left_out = 0;
    int own_results = 0;
    int gone = 0;
    int recovered = 0;  ///< queued though the log does not know them any more
  };

  /// `queue_size`: eligible instances known and not settled beyond which none is recovered.
  ChangeFeed(Ports ports, absl::Time started, std::size_t queue_size)
      : ports_(ports), started_(started), queue_size_(queue_size) {}

  /// Reads one page of the log and one of the archive's list, if that is being looked through; decides, and queues what
  /// is eligible.
  [[nodiscard]] absl::StatusOr<Report> Step();

  /// The moment from which on radiographs are ours; nothing before the position is known.
  [[nodiscard]] absl::optional<std::string> Since() const;

 private:
  [[nodiscard]] absl::Status FindStart();
  [[nodiscard]] absl::Status NoticeLostChanges(std::int64_t read_to, bool renumbered, Report& report);
  [[nodiscard]] absl::Status LookThroughArchive(Report& report);
  [[nodiscard]] absl::Status Reconsider(const ArchiveWalk::Found& found, Report& report);
  /// Nothing when the instance is not to be queued.
  [[nodiscard]] absl::optional<WorkItem> Decide(const std::string& instance_id, Report& report);

  Ports ports_;
  const absl::Time started_;
  const std::size_t queue_size_;
  bool began_ = false;
  bool log_seen_ = false;   ///< we have looked for the log's oldest change since the process began
  bool log_empty_ = false;  ///< and it held none the last time
  absl::optional<ArchiveWalk> walk_;
  std::deque<ArchiveWalk::Found> found_;  ///< of walk_, still to be reconsidered

  mutable std::mutex mutex_;  ///< guards since_
  absl::optional<std::string> since_;
};

}  // namespace cxr::plugin
