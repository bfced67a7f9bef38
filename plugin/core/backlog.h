// SPDX-License-Identifier: GPL-3.0-or-later
// What is known of the change log and not settled yet: the queue of instances, and how far the log is done with.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "absl/types/optional.h"

namespace cxr::plugin {

/// An instance on its way to an outcome.
struct WorkItem {
  std::int64_t sequence = 0;  ///< the change that announced it, or that holds the position for it
  std::string instance_id;
  std::string study_id;  ///< empty when it is not known yet
  bool decided = false;  ///< the forwarding policy has said yes
  int attempts = 0;      ///< failed ones, not counting those that found service or archive away
  int losses = 0;        ///< how often the connection to the service was lost with it in flight
  int pauses = 0;        ///< how often it stepped back for another reason
  absl::Time not_before = absl::InfinitePast();
  absl::Time tried_at = absl::InfinitePast();  ///< when the last attempt ended
  std::string last_error;                      ///< reason code of the last attempt; empty before the first
  std::vector<std::string> stored;             ///< results in the archive that no outcome names yet
  bool in_flight = false;
  std::uint64_t ticket = 0;  ///< the queue's own
};

/// The instances that are not settled, in the order in which they were added. One instance is in flight once at a time.
///
/// An instance with losses may be the one that ends the service. It waits until nothing else is due (for at most
/// kPatience, so that a steady stream does not starve it) and is in flight alone: then it is clear whose fault another
/// loss is. Not thread-safe.
class WorkQueue {
 public:
  static constexpr absl::Duration kPatience = absl::Minutes(5);

  void Add(WorkItem item);

  /// The item whose turn it is; it is in flight afterwards. Nothing when none is due, or when those that are must wait
  /// for others in flight. While `troubled`, an item that stepped back less often goes first: what is wrong may be the
  /// others.
  [[nodiscard]] absl::optional<WorkItem> Take(absl::Time now, bool troubled = false);

  /// Gives back an item that was taken, to be due at item.not_before.
  void PutBack(WorkItem item);

  /// Forgets an item that was taken; returns the sequence that was held for it.
  std::int64_t Settle(const WorkItem& item);

  /// When, after `now`, the next waiting item falls due; the infinite future when none does. What is due at `now` waits
  /// for others in flight.
  [[nodiscard]] absl::Time NextDue(absl::Time now) const;

  /// Lets the position be held by `sequence` for every item.
  void HoldAllAt(std::int64_t sequence);

  [[nodiscard]] absl::optional<WorkItem> Find(const std::string& instance_id) const;
  [[nodiscard]] std::size_t Size() const { return items_.size(); }
  [[nodiscard]] std::size_t InFlight() const { return in_flight_.size(); }

 private:
  std::map<std::uint64_t, WorkItem> items_;  ///< by ticket
  std::uint64_t next_ticket_ = 1;
  std::set<std::string> in_flight_;
  bool alone_ = false;  ///< what is in flight must stay alone
};

/// Knows how far the change log is settled while several instances are in flight: the position is the largest sequence
/// such that everything up to it was read and nothing up to it is open. It never falls, except by Rewind. Not
/// thread-safe.
class PositionTracker {
 public:
  explicit PositionTracker(std::int64_t position) : read_to_(position) {}

  /// Something at `sequence`, which is after Position(), is to be settled. A sequence may be open several times.
  void Open(std::int64_t sequence) { open_.insert(sequence); }

  /// The log has been read up to `sequence`.
  void MarkRead(std::int64_t sequence);

  /// What was opened at `sequence` needs no more work.
  void Settle(std::int64_t sequence);

  /// The log counts anew from 1: whatever is open is open at 1.
  void Rewind();

  [[nodiscard]] std::int64_t Position() const;
  [[nodiscard]] std::int64_t ReadTo() const { return read_to_; }

 private:
  std::int64_t read_to_;
  std::multiset<std::int64_t> open_;
};

/// Queue and position together. Thread-safe.
class Backlog {
 public:
  /// The log is settled up to `position`.
  void Begin(std::int64_t position);

  /// Queues an instance that the log announces at item.sequence. One that waits in the queue already is not queued
  /// twice, for it will be read as it is then; one that is in flight is, for it may have been read before it changed.
  void Announce(WorkItem item);

  /// Queues an instance that was found in the archive itself while Hold is in force, unless it is known.
  void Recover(WorkItem item);

  /// The log has been read up to `sequence`.
  void MarkRead(std::int64_t sequence);

  /// Keeps the position where it is, and where recovered instances are, until Release.
  void Hold();
  void Release();

  /// The log counts anew from 1.
  void Rewind();

  [[nodiscard]] absl::optional<WorkItem> Take(absl::Time now, bool troubled = false);
  void PutBack(WorkItem item);
  void Settle(const WorkItem& item);

  [[nodiscard]] absl::Time NextDue(absl::Time now) const;
  [[nodiscard]] absl::optional<WorkItem> Find(const std::string& instance_id) const;
  [[nodiscard]] std::size_t Size() const;
  [[nodiscard]] std::size_t InFlight() const;
  [[nodiscard]] std::int64_t Position() const;
  [[nodiscard]] std::int64_t ReadTo() const;

 private:
  mutable std::mutex mutex_;  ///< guards what follows
  WorkQueue queue_;
  PositionTracker tracker_{0};
  std::int64_t held_ = 0;  ///< 0: nothing is held
};

}  // namespace cxr::plugin
