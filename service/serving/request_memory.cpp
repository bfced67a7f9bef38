// SPDX-License-Identifier: Apache-2.0
#include "service/serving/request_memory.h"

#include <algorithm>

namespace cxr {

void RequestMemory::Share::ShrinkTo(std::int64_t bytes) {
  if (memory_ == nullptr || bytes >= bytes_) return;
  const std::int64_t before = std::exchange(bytes_, bytes);
  memory_->GiveBack(before - bytes);
}

RequestMemory::RequestMemory(std::int64_t capacity) : capacity_(capacity) {}

RequestMemory::Ticket RequestMemory::Ask(std::int64_t bytes, Granted granted) {
  Ticket ticket = 0;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    ticket = next_++;
    waiting_.emplace(ticket, Request{std::min(bytes, capacity_), std::move(granted)});
  }
  GrantWhatFits();
  return ticket;
}

void RequestMemory::Withdraw(Ticket ticket) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    waiting_.erase(ticket);
  }
  GrantWhatFits();  // those behind it may need less
}

void RequestMemory::GiveBack(std::int64_t bytes) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    used_ -= bytes;
  }
  GrantWhatFits();
}

void RequestMemory::GrantWhatFits() {
  while (true) {
    Request first;
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      const auto next = waiting_.begin();
      if (next == waiting_.end() || used_ + next->second.bytes > capacity_) return;
      first = std::move(next->second);
      waiting_.erase(next);
      used_ += first.bytes;
    }
    first.granted(Share(*this, first.bytes));
  }
}

std::int64_t RequestMemory::used() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return used_;
}

int RequestMemory::waiting() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return static_cast<int>(waiting_.size());
}

}  // namespace cxr
