// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/core/runner.h"

#include <exception>
#include <utility>

#include "absl/time/clock.h"

namespace cxr::plugin {

Runner::Runner(std::vector<Step> steps, TroubleHandler on_trouble)
    : steps_(std::move(steps)), on_trouble_(std::move(on_trouble)) {}

Runner::~Runner() {
  Stop();
}

void Runner::Start() {
  for (const Step& step : steps_) threads_.emplace_back([this, &step] { Loop(step); });
}

void Runner::RequestStop() {
  const std::lock_guard<std::mutex> lock(mutex_);
  stopping_ = true;
  changed_.notify_all();
}

void Runner::Stop() {
  RequestStop();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

void Runner::Wake() {
  const std::lock_guard<std::mutex> lock(mutex_);
  ++wakes_;
  changed_.notify_all();
}

absl::Time Runner::RunGuarded(const Step& step) const {
  try {
    return step();
  } catch (const std::exception& error) {
    on_trouble_(error.what());
  } catch (...) {
    on_trouble_("unknown exception");
  }
  return absl::Now() + absl::Seconds(1);
}

void Runner::Loop(const Step& step) {
  std::uint64_t seen = 0;
  while (true) {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      if (stopping_) return;
      seen = wakes_;
    }
    const absl::Time next = RunGuarded(step);
    std::unique_lock<std::mutex> lock(mutex_);
    const auto woken = [&] { return stopping_ || wakes_ != seen; };
    if (next == absl::InfiniteFuture()) {
      changed_.wait(lock, woken);  // wait_until would overflow on it
    } else {
      changed_.wait_until(lock, absl::ToChronoTime(next), woken);
    }
  }
}

}  // namespace cxr::plugin
