// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/core/backlog.h"

#include <algorithm>
#include <utility>

namespace cxr::plugin {

void WorkQueue::Add(WorkItem item) {
  const std::int64_t sequence = item.sequence;
  items_.emplace(sequence, std::move(item));
}

absl::optional<WorkItem> WorkQueue::Take(absl::Time now) {
  for (auto& [sequence, item] : items_) {
    if (item.in_flight || item.not_before > now) continue;
    item.in_flight = true;
    ++in_flight_;
    return item;
  }
  return absl::nullopt;
}

void WorkQueue::PutBack(WorkItem item) {
  item.in_flight = false;
  --in_flight_;
  const std::int64_t sequence = item.sequence;
  items_[sequence] = std::move(item);
}

void WorkQueue::Settle(const WorkItem& item) {
  --in_flight_;
  items_.erase(item.sequence);
}

absl::Time WorkQueue::NextDue() const {
  absl::Time next = absl::InfiniteFuture();
  for (const auto& [sequence, item] : items_) {
    if (!item.in_flight) next = std::min(next, item.not_before);
  }
  return next;
}

absl::optional<WorkItem> WorkQueue::Find(const std::string& instance_id) const {
  for (const auto& [sequence, item] : items_) {
    if (item.instance_id == instance_id) return item;
  }
  return absl::nullopt;
}

void PositionTracker::MarkRead(std::int64_t sequence) {
  read_to_ = std::max(read_to_, sequence);
}

std::int64_t PositionTracker::Position() const {
  return open_.empty() ? read_to_ : std::min(read_to_, *open_.begin() - 1);
}

}  // namespace cxr::plugin
