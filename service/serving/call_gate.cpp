// SPDX-License-Identifier: Apache-2.0
#include "service/serving/call_gate.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "service/base/failure.h"

namespace cxr {

CallGate::CallGate(int max_calls) : max_calls_(max_calls) {}

void CallGate::Open() {
  const std::lock_guard<std::mutex> lock(mutex_);
  state_ = std::max(state_, ServingState::kServing);
}

absl::StatusOr<CallGate::Pass> CallGate::Enter() {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (state_ == ServingState::kStarting) {
    return Failure(FailureReason::kNotServing, "The model is being loaded; repeat later.");
  }
  if (state_ != ServingState::kServing) {
    return Failure(FailureReason::kNotServing, "The service is shutting down; repeat later.");
  }
  if (calls_ >= max_calls_) {
    return Failure(FailureReason::kOverloaded,
                   absl::StrCat(calls_, " calls are in progress already, the most there may be; repeat later."));
  }
  ++calls_;
  ++entered_;
  return Pass(*this);
}

void CallGate::Leave() {
  const std::lock_guard<std::mutex> lock(mutex_);
  --calls_;
  if (calls_ == 0) changed_.notify_all();  // under the lock: who waits may destroy the gate
}

absl::Status CallGate::Drain(std::chrono::system_clock::time_point deadline) {
  std::unique_lock<std::mutex> lock(mutex_);
  state_ = std::max(state_, ServingState::kDraining);
  const bool all_left = changed_.wait_until(lock, deadline, [this] { return calls_ == 0; });
  state_ = ServingState::kStopped;
  changed_.notify_all();
  if (all_left) return absl::OkStatus();
  return absl::DeadlineExceededError(
      absl::StrCat(calls_, " calls were still in progress at the end of the time to drain."));
}

bool CallGate::AwaitRest(std::chrono::milliseconds quiet) {
  std::unique_lock<std::mutex> lock(mutex_);
  const auto stopped = [this] { return state_ == ServingState::kStopped; };
  while (true) {
    changed_.wait(lock, [&] { return stopped() || (calls_ == 0 && entered_ != rested_); });
    const std::uint64_t before = entered_;
    changed_.wait_for(lock, quiet, stopped);
    if (stopped()) return false;
    if (entered_ != before) continue;
    rested_ = entered_;
    return true;
  }
}

ServingState CallGate::state() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return state_;
}

int CallGate::calls() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return calls_;
}

}  // namespace cxr
