// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/core/backlog.h"

#include <algorithm>
#include <utility>

namespace cxr::plugin {

void WorkQueue::Add(WorkItem item) {
  item.ticket = next_ticket_++;
  const std::uint64_t ticket = item.ticket;
  items_.emplace(ticket, std::move(item));
}

absl::optional<WorkItem> WorkQueue::Take(absl::Time now, bool troubled) {
  if (alone_) return absl::nullopt;
  WorkItem* next = nullptr;
  WorkItem* suspect = nullptr;
  for (auto& [ticket, item] : items_) {
    if (item.in_flight || item.not_before > now || in_flight_.count(item.instance_id) != 0) continue;
    WorkItem*& first = item.losses > 0 ? suspect : next;
    if (first == nullptr || (troubled && item.pauses < first->pauses)) first = &item;
  }
  const bool overdue = suspect != nullptr && now - suspect->not_before > kPatience;
  if (suspect != nullptr && (next == nullptr || overdue)) {
    if (!in_flight_.empty()) return absl::nullopt;
    next = suspect;
    alone_ = true;
  }
  if (next == nullptr) return absl::nullopt;
  next->in_flight = true;
  in_flight_.insert(next->instance_id);
  return *next;
}

void WorkQueue::PutBack(WorkItem item) {
  alone_ = false;
  in_flight_.erase(item.instance_id);
  item.in_flight = false;
  item.sequence = items_.at(item.ticket).sequence;  // HoldAllAt may have moved it meanwhile
  const std::uint64_t ticket = item.ticket;
  items_[ticket] = std::move(item);
}

std::int64_t WorkQueue::Settle(const WorkItem& item) {
  alone_ = false;
  in_flight_.erase(item.instance_id);
  const auto found = items_.find(item.ticket);
  const std::int64_t sequence = found->second.sequence;
  items_.erase(found);
  return sequence;
}

absl::Time WorkQueue::NextDue(absl::Time now) const {
  absl::Time next = absl::InfiniteFuture();
  for (const auto& [ticket, item] : items_) {
    if (!item.in_flight && item.not_before > now) next = std::min(next, item.not_before);
  }
  return next;
}

void WorkQueue::HoldAllAt(std::int64_t sequence) {
  for (auto& [ticket, item] : items_) item.sequence = sequence;
}

absl::optional<WorkItem> WorkQueue::Find(const std::string& instance_id) const {
  for (const auto& [ticket, item] : items_) {
    if (item.instance_id == instance_id) return item;
  }
  return absl::nullopt;
}

void PositionTracker::MarkRead(std::int64_t sequence) {
  read_to_ = std::max(read_to_, sequence);
}

void PositionTracker::Settle(std::int64_t sequence) {
  const auto found = open_.find(sequence);
  if (found != open_.end()) open_.erase(found);
}

void PositionTracker::Rewind() {
  const std::size_t open = open_.size();
  open_.clear();
  for (std::size_t i = 0; i < open; ++i) open_.insert(1);
  read_to_ = 0;
}

std::int64_t PositionTracker::Position() const {
  return open_.empty() ? read_to_ : std::min(read_to_, *open_.begin() - 1);
}

void Backlog::Begin(std::int64_t position) {
  const std::lock_guard<std::mutex> lock(mutex_);
  tracker_ = PositionTracker(position);
}

void Backlog::Announce(WorkItem item) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const absl::optional<WorkItem> known = queue_.Find(item.instance_id);
  if (known.has_value() && !known->in_flight) return;
  tracker_.Open(item.sequence);
  queue_.Add(std::move(item));
}

void Backlog::Recover(WorkItem item) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (queue_.Find(item.instance_id).has_value()) return;
  item.sequence = held_;
  tracker_.Open(held_);
  queue_.Add(std::move(item));
}

void Backlog::MarkRead(std::int64_t sequence) {
  const std::lock_guard<std::mutex> lock(mutex_);
  tracker_.MarkRead(sequence);
}

void Backlog::Hold() {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (held_ != 0) return;
  held_ = tracker_.Position() + 1;
  tracker_.Open(held_);
}

void Backlog::Release() {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (held_ != 0) tracker_.Settle(held_);
  held_ = 0;
}

void Backlog::Rewind() {
  const std::lock_guard<std::mutex> lock(mutex_);
  tracker_.Rewind();
  queue_.HoldAllAt(1);
  if (held_ != 0) held_ = 1;
}

absl::optional<WorkItem> Backlog::Take(absl::Time now, bool troubled) {
  const std::lock_guard<std::mutex> lock(mutex_);
  return queue_.Take(now, troubled);
}

void Backlog::PutBack(WorkItem item) {
  const std::lock_guard<std::mutex> lock(mutex_);
  queue_.PutBack(std::move(item));
}

void Backlog::Settle(const WorkItem& item) {
  const std::lock_guard<std::mutex> lock(mutex_);
  tracker_.Settle(queue_.Settle(item));
}

absl::Time Backlog::NextDue(absl::Time now) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return queue_.NextDue(now);
}

absl::optional<WorkItem> Backlog::Find(const std::string& instance_id) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return queue_.Find(instance_id);
}

std::size_t Backlog::Size() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return queue_.Size();
}

std::size_t Backlog::InFlight() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return queue_.InFlight();
}

std::int64_t Backlog::Position() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return tracker_.Position();
}

std::int64_t Backlog::ReadTo() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return tracker_.ReadTo();
}

}  // namespace cxr::plugin
