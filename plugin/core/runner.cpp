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
  const absl::MutexLock lock(&mutex_);
  stopping_ = true;
  changed_.SignalAll();
}

void Runner::Stop() {
  RequestStop();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

void Runner::Wake() {
  const absl::MutexLock lock(&mutex_);
  ++wakes_;
  changed_.SignalAll();
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
      const absl::MutexLock lock(&mutex_);
      if (stopping_) return;
      seen = wakes_;
    }
    const absl::Time next = RunGuarded(step);
    const absl::MutexLock lock(&mutex_);
    while (!stopping_ && wakes_ == seen && absl::Now() < next) changed_.WaitWithDeadline(&mutex_, next);
  }
}

}  // namespace cxr::plugin
