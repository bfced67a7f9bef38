// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"
#include "plugin/core/analysis_client.h"
#include "plugin/core/archive.h"
#include "plugin/core/attempt_judge.h"
#include "plugin/core/backlog.h"
#include "plugin/core/change_feed.h"
#include "plugin/core/clock.h"
#include "plugin/core/dispatcher_report.h"
#include "plugin/core/instance_processor.h"

namespace cxr::plugin {

struct DispatcherOptions {
  RepeatOptions repeat;
  absl::Duration poll_interval = absl::Seconds(5);
  std::size_t queue_size = 256;  ///< eligible instances known and not settled; the log keeps the rest
};

/// Follows the change log and takes every eligible instance to its outcome. It owns no thread: each step does one piece
/// of work and returns when it wants to be called again (now or earlier: at once; infinite future: when woken).
/// Thread-safe; one caller of FeedStep, one of ProbeStep, any number of WorkStep.
///
/// The position moves only past settled instances. What an attempt comes to is decided by AttemptJudge.
class Dispatcher {
 public:
  struct Ports {
    ChangeLog& log;
    PositionStore& positions;
    InstanceSource& source;
    OutcomeStore& outcomes;
    InstanceProcessor& processor;
    AnalysisClient& client;
    const Clock& clock;
    DispatcherObserver& observer;
    std::function<double()> random;  ///< 0 to 1; thread-safe
    std::function<void()> wake;      ///< wakes every sleeping step
  };

  /// `started` is the moment the archive loaded us.
  Dispatcher(Ports ports, DispatcherOptions options, absl::Time started);

  /// Reads one page of the log, decides, and queues what is eligible.
  [[nodiscard]] absl::Time FeedStep();

  /// Takes one instance one step on; blocks for as long as the service takes.
  [[nodiscard]] absl::Time WorkStep();

  /// Asks the service for its model, to know whether it is there before anything has to be sent.
  [[nodiscard]] absl::Time ProbeStep();

  [[nodiscard]] DispatcherSnapshot Snapshot() const;
  [[nodiscard]] absl::optional<WorkItem> Find(const std::string& instance_id) const;

 private:
  [[nodiscard]] absl::optional<WorkItem> TakeDue(absl::Time& next);
  [[nodiscard]] ProcessResult ProcessGuarded(const WorkItem& item);
  /// Notes what the attempt tells of the service, and gives up what has had its last chance.
  [[nodiscard]] ProcessResult Judge(const WorkItem& item, ProcessResult result, absl::Time began);
  void NoteArchive(const ProcessResult& result, absl::Time began);
  void Conclude(WorkItem item, const ProcessResult& result);
  void AnnounceService(PartnerChange change, const absl::Status& error);
  void AnnounceArchive(PartnerChange change);
  void SavePosition();

  Ports ports_;
  const DispatcherOptions options_;
  Backlog backlog_;
  ChangeFeed feed_;

  mutable std::mutex mutex_;  ///< guards what follows, up to save_mutex_
  AttemptJudge judge_;
  absl::optional<ModelIdentity> model_;
  DispatcherCounters counters_;

  std::mutex save_mutex_;  ///< guards saved_position_; taken before mutex_
  std::int64_t saved_position_ = -1;
};

}  // namespace cxr::plugin
