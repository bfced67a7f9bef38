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
#include "plugin/core/backlog.h"
#include "plugin/core/clock.h"
#include "plugin/core/instance_processor.h"
#include "plugin/core/outcome.h"
#include "plugin/core/service_health.h"
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
};

struct DispatcherOptions {
  int max_attempts = 5;
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
};

struct DispatcherSnapshot {
  bool following = false;  ///< the position is known
  std::int64_t position = 0;
  std::int64_t read_to = 0;
  std::size_t backlog = 0;  ///< waiting and in flight
  std::size_t in_flight = 0;
  ServiceState service = ServiceState::kUnknown;
  absl::Status last_service_error;
  absl::Time last_service_error_at;
  absl::Time next_call;  ///< the infinite past while the service is not away
  absl::optional<ModelIdentity> model;
  DispatcherCounters counters;
};

/// Follows the change log and takes every eligible instance to its outcome. It owns no thread: each step does one piece
/// of work and returns when it wants to be called again (now or earlier: at once; infinite future: when woken).
/// Thread-safe; one caller of FeedStep, one of ProbeStep, any number of WorkStep.
///
/// The position moves only past settled instances. The service being away never settles an instance.
class Dispatcher {
 public:
  struct Ports {
    ChangeLog& log;
    PositionStore& positions;
    InstanceSource& source;
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
  [[nodiscard]] absl::Status FindStart();
  [[nodiscard]] bool HasRoom() const;
  void Admit(const NewInstance& change);
  void AfterPage(const ChangePage& page);
  [[nodiscard]] absl::optional<WorkItem> TakeDue(absl::Time& next);
  void Conclude(WorkItem item, const ProcessResult& result);
  [[nodiscard]] bool HungWithTheService(const ProcessResult& result) const;
  void NoteService(const ProcessResult& result, absl::Time began);
  void AnnounceReturn(bool came_back);
  /// With mutex_ held.
  void Count(const ProcessResult& result);
  void SavePosition();

  Ports ports_;
  const DispatcherOptions options_;
  const absl::Time started_;

  mutable std::mutex mutex_;  ///< guards what follows, up to save_mutex_
  bool following_ = false;
  int feed_failures_ = 0;
  PositionTracker tracker_{0};
  WorkQueue queue_;
  ServiceHealth health_;
  DispatcherCounters counters_;

  std::mutex save_mutex_;  ///< guards saved_position_; taken before mutex_
  std::int64_t saved_position_ = -1;
};

}  // namespace cxr::plugin
