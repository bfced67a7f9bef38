// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <set>

namespace cxr::plugin {

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
