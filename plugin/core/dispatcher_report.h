// SPDX-License-Identifier: GPL-3.0-or-later
// What the dispatcher tells others: events for the log, counters and a snapshot for metrics and REST routes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"
#include "plugin/core/availability.h"
#include "plugin/core/instance_processor.h"

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

  /// Counts an attempt that has been judged.
  void Count(const ProcessResult& result);
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

}  // namespace cxr::plugin
