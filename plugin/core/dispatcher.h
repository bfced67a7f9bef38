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
#include "plugin/core/archive.h"
#include "plugin/core/availability.h"
#include "plugin/core/backlog.h"
#include "plugin/core/change_feed.h"
#include "plugin/core/clock.h"
#include "plugin/core/instance_processor.h"
#include "service/base/backoff.h"

namespace cxr::plugin {

/// Hears what the threads do, to log it. Thread-safe. Only identifiers, codes and reasons for machines may reach a log.
class DispatcherObserver {
 public:
  virtual ~DispatcherObserver() = default;

  virtual void OnFollowing(std::int64_t position) = 0;
  virtual void OnSettled(const std::string& instance_id, const Outcome& outcome) = 0;
  virtual void OnRetry(const std::string& instance_id, const absl::Status& error, int attempts) = 0;
  virtual void OnGone(const std::string& instance_id) = 0;
  virtual void OnServiceAway(const absl::Status& error) = 0;
  virtual void OnServiceBack() = 0;
  virtual void OnArchiveTrouble(const absl::Status& error) = 0;
  virtual void OnArchiveBack() = 0;
  /// The log was emptied before it was read: the archive's own list is looked through.
  virtual void OnLogLost() = 0;
};

struct DispatcherOptions {
  int max_attempts = 5;
  int max_losses = 3;  ///< connections lost with an instance in flight, after which it has failed
  absl::Duration poll_interval = absl::Seconds(5);
  Backoff backoff;
  std::size_t queue_size = 256;  ///< eligible instances known and not settled; the log keeps the rest
};

/// What has been done since the start of the process.
struct DispatcherCounters {
  std::int64_t analysed = 0;
  std::int64_t analysed_with_warnings = 0;
  std::int64_t not_applicable = 0;
  std::int64_t failed = 0;
  std::int64_t left_out = 0;
  std::int64_t own_results = 0;
  std::int64_t settled_earlier = 0;
  std::int64_t gone = 0;
  std::int64_t retries = 0;
  std::int64_t objects_stored = 0;
  std::int64_t service_losses = 0;  ///< connections lost with an instance in flight
  std::int64_t recovered = 0;       ///< instances found in the archive though the log had lost them
};

/// What is known about the service or the archive.
struct PartnerSnapshot {
  AvailabilityState state = AvailabilityState::kUnknown;
  absl::Status last_error;
  absl::Time last_error_at;
  absl::Time next_call;  ///< the infinite past while the partner is not away
};

struct DispatcherSnapshot {
  bool following = false;  ///< the position is known
  std::string since;       ///< radiographs stored from this moment on are analysed (UTC, YYYYMMDDTHHMMSS)
  std::int64_t position = 0;
  std::int64_t read_to = 0;
  std::size_t backlog = 0;  ///< waiting and in flight
  std::size_t in_flight = 0;
  PartnerSnapshot service;
  PartnerSnapshot archive;
  absl::optional<ModelIdentity> model;
  DispatcherCounters counters;
};

/// Follows the change log and takes every eligible instance to its outcome. It owns no thread: each step does one piece
/// of work and returns when it wants to be called again (now or earlier: at once; infinite future: when woken).
/// Thread-safe; one caller of FeedStep, one of ProbeStep, any number of WorkStep.
///
/// The position moves only past settled instances. Neither the service being away nor trouble of the archive settles an
/// instance. An instance with which the connection to the service was lost steps back behind all others, and fails with
/// reason SERVICE_LOST_WITH_IT after max_losses of them.
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
  /// Gives up what has had its last chance.
  [[nodiscard]] ProcessResult Judge(const WorkItem& item, ProcessResult result);
  [[nodiscard]] bool HungWithTheService(const ProcessResult& result) const;
  [[nodiscard]] bool CountsAgainstIt(const WorkItem& item) const;
  void NoteService(const ProcessResult& result, absl::Time began);
  void NoteArchive(const ProcessResult& result, absl::Time began);
  void NoteArchiveTrouble(const absl::Status& error, absl::Time began);
  void Conclude(WorkItem item, const ProcessResult& result);
  /// Notes the failed attempt on the item, and when the next may be made; true for one that is counted.
  bool StepBack(WorkItem& item, const ProcessResult& result);
  void AnnounceServiceReturn(bool came_back);
  /// With mutex_ held:
  void Count(const ProcessResult& result);
  void SavePosition();

  Ports ports_;
  const DispatcherOptions options_;
  Backlog backlog_;
  ChangeFeed feed_;

  mutable std::mutex mutex_;  ///< guards what follows, up to save_mutex_
  int feed_failures_ = 0;
  Availability service_;
  Availability archive_;
  absl::Time file_read_at_ = absl::InfinitePast();  ///< when a file of any instance was read last
  absl::optional<ModelIdentity> model_;
  DispatcherCounters counters_;

  std::mutex save_mutex_;  ///< guards saved_position_; taken before mutex_
  std::int64_t saved_position_ = -1;
};

}  // namespace cxr::plugin
