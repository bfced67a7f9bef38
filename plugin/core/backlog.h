// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>

#include "absl/time/time.h"
#include "absl/types/optional.h"

namespace cxr::plugin {

/// An instance on its way to an outcome.
struct WorkItem {
  std::int64_t sequence = 0;
  std::string instance_id;
  bool decided = false;  ///< the forwarding policy has said yes
  int attempts = 0;      ///< failed ones, not counting those that found the service away
  absl::Time not_before = absl::InfinitePast();
  std::string last_error;  ///< reason code of the last attempt; empty before the first
  bool in_flight = false;
};

/// The instances that are not settled, in the order of the change log. Not thread-safe.
class WorkQueue {
 public:
  void Add(WorkItem item);

  /// The oldest item that is due and not in flight; it is in flight afterwards.
  [[nodiscard]] absl::optional<WorkItem> Take(absl::Time now);

  /// Gives back an item that was taken, to be due at item.not_before.
  void PutBack(WorkItem item);

  /// Forgets an item that was taken.
  void Settle(const WorkItem& item);

  /// When the next waiting item is due; the infinite future when none waits.
  [[nodiscard]] absl::Time NextDue() const;

  [[nodiscard]] absl::optional<WorkItem> Find(const std::string& instance_id) const;
  [[nodiscard]] std::size_t Size() const { return items_.size(); }
  [[nodiscard]] std::size_t InFlight() const { return in_flight_; }

 private:
  std::map<std::int64_t, WorkItem> items_;
  std::size_t in_flight_ = 0;
};

/// Knows how far the change log is settled while several instances are in flight: the position is the largest sequence
/// such that everything up to it was read and nothing up to it is open. It never falls. Not thread-safe.
class PositionTracker {
 public:
  explicit PositionTracker(std::int64_t position) : read_to_(position) {}

  /// An instance at `sequence`, which is after ReadTo(), is to be settled.
  void Open(std::int64_t sequence) { open_.insert(sequence); }

  /// The log has been read up to `sequence`.
  void MarkRead(std::int64_t sequence);

  /// The instance at `sequence` needs no more work.
  void Settle(std::int64_t sequence) { open_.erase(sequence); }

  [[nodiscard]] std::int64_t Position() const;
  [[nodiscard]] std::int64_t ReadTo() const { return read_to_; }

 private:
  std::int64_t read_to_;
  std::set<std::int64_t> open_;
};

}  // namespace cxr::plugin
