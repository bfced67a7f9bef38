// SPDX-License-Identifier: Apache-2.0
#include "service/serving/analysis_pool.h"

#include <algorithm>
#include <exception>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "service/base/failure.h"

namespace cxr {
namespace {

/// The one guard between foreign code and a thread's entry.
template <typename Function>
absl::Status Guarded(const Function& function) {
  try {
    return function();
  } catch (const std::exception& fault) {
    return Failure(FailureReason::kInternal, absl::StrCat("An unexpected fault ended the analysis: ", fault.what()));
  } catch (...) {
    return Failure(FailureReason::kInternal, "An unexpected fault of unknown kind ended the analysis.");
  }
}

bool Expired(const JobLimits& limits) {
  return limits.deadline.has_value() && JobLimits::Clock::now() >= *limits.deadline;
}

absl::Status TooLate() {
  return Failure(FailureReason::kDeadline, "The deadline passed before the analysis began; repeat with more time.");
}

absl::Status StillWanted(const JobLimits& limits) {
  if (limits.cancelled && limits.cancelled()) return absl::CancelledError("The caller left before the analysis began.");
  if (Expired(limits)) return TooLate();
  return absl::OkStatus();
}

}  // namespace

struct AnalysisPool::Job {
  Job(const JobLimits& job_limits, Work job_work) : limits(job_limits), work(job_work) {}

  enum class State { kQueued, kRunning, kSettled };

  const JobLimits& limits;
  Work work;
  const std::chrono::steady_clock::time_point admitted = std::chrono::steady_clock::now();
  State state = State::kQueued;
  absl::Status outcome;
  std::condition_variable changed;
};

absl::StatusOr<std::unique_ptr<AnalysisPool>> AnalysisPool::Create(PoolOptions options) {
  if (options.workers < 1 || options.capacity < 1) {
    return absl::InvalidArgumentError(absl::StrCat("A pool needs at least one worker and one place in its queue, not ",
                                                   options.workers, " and ", options.capacity, "."));
  }
  std::unique_ptr<AnalysisPool> pool(new AnalysisPool(std::move(options)));
  absl::Status started = pool->StartWorkers();
  if (!started.ok()) return started;
  return pool;
}

AnalysisPool::AnalysisPool(PoolOptions options) : options_(std::move(options)) {}

AnalysisPool::~AnalysisPool() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    draining_ = true;
    stopping_ = true;
    DropAll();
    work_.notify_all();
  }
  for (std::thread& worker : workers_) worker.join();
}

absl::Status AnalysisPool::StartWorkers() {
  try {
    workers_.reserve(static_cast<std::size_t>(options_.workers));
    for (int i = 0; i < options_.workers; ++i) workers_.emplace_back([this] { WorkerMain(); });
  } catch (const std::system_error& fault) {
    return absl::ResourceExhaustedError(absl::StrCat("Only ", workers_.size(), " of ", options_.workers,
                                                     " worker threads could be started: ", fault.what()));
  }
  std::unique_lock<std::mutex> lock(mutex_);
  ready_.wait(lock, [this] { return prepared_ == options_.workers; });
  return preparation_;
}

absl::Status AnalysisPool::Run(const JobLimits& limits, Work work) {
  Job job(limits, work);
  std::unique_lock<std::mutex> lock(mutex_);
  absl::Status admitted = Admit(job);
  if (!admitted.ok()) return admitted;
  AwaitEnd(lock, job);
  return job.outcome;
}

absl::Status AnalysisPool::Admit(Job& job) {
  if (draining_) return Failure(FailureReason::kNotServing, "The service is shutting down; repeat later.");
  absl::Status wanted = StillWanted(job.limits);
  if (!wanted.ok()) return wanted;
  const auto capacity = static_cast<std::size_t>(options_.capacity);
  if (queue_.size() >= capacity) DropDeadJobs();
  if (queue_.size() >= capacity) {
    return Failure(FailureReason::kOverloaded,
                   absl::StrCat("All workers are busy and ", capacity, " requests wait already; repeat later."));
  }
  queue_.push_back(&job);
  work_.notify_one();
  return absl::OkStatus();
}

void AnalysisPool::AwaitEnd(std::unique_lock<std::mutex>& lock, Job& job) {
  const auto not_queued = [&job] { return job.state != Job::State::kQueued; };
  if (job.limits.deadline.has_value() && !job.changed.wait_until(lock, *job.limits.deadline, not_queued)) {
    queue_.erase(std::find(queue_.begin(), queue_.end(), &job));
    Settle(job, TooLate());
    return;
  }
  job.changed.wait(lock, [&job] { return job.state == Job::State::kSettled; });
}

void AnalysisPool::DropDeadJobs() {
  const auto dead = [this](Job* job) {
    absl::Status wanted = StillWanted(job->limits);
    if (wanted.ok()) return false;
    Settle(*job, std::move(wanted));
    return true;
  };
  queue_.erase(std::remove_if(queue_.begin(), queue_.end(), dead), queue_.end());
}

void AnalysisPool::DropAll() {
  for (Job* job : queue_) {
    Settle(*job, Failure(FailureReason::kNotServing, "The service shut down before the analysis began; repeat later."));
  }
  queue_.clear();
}

void AnalysisPool::Settle(Job& job, absl::Status status) {
  job.outcome = std::move(status);
  job.state = Job::State::kSettled;
  job.changed.notify_one();  // under the lock: the job is gone as soon as its caller can look at it
  if (queue_.empty() && running_ == 0) idle_.notify_all();
}

absl::Status AnalysisPool::Drain(JobLimits::Clock::time_point deadline) {
  std::unique_lock<std::mutex> lock(mutex_);
  draining_ = true;
  if (idle_.wait_until(lock, deadline, [this] { return queue_.empty() && running_ == 0; })) return absl::OkStatus();
  absl::Status late = absl::DeadlineExceededError(absl::StrCat(
      running_, " analyses were still running and ", queue_.size(), " waiting at the end of the time to drain."));
  DropAll();
  return late;
}

AnalysisPool::Load AnalysisPool::load() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return {static_cast<int>(queue_.size()), running_};
}

void AnalysisPool::WorkerMain() {
  absl::Status prepared = options_.prepare_worker ? Guarded(options_.prepare_worker) : absl::OkStatus();
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    ++prepared_;
    preparation_.Update(prepared);
    ready_.notify_all();
  }
  if (prepared.ok()) WorkUntilStopped();
}

void AnalysisPool::WorkUntilStopped() {
  std::unique_lock<std::mutex> lock(mutex_);
  for (;;) {
    work_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
    if (stopping_) return;
    RunNext(lock);
  }
}

void AnalysisPool::RunNext(std::unique_lock<std::mutex>& lock) {
  Job& job = *queue_.front();
  queue_.pop_front();
  absl::Status wanted = StillWanted(job.limits);
  if (!wanted.ok()) {
    Settle(job, std::move(wanted));
    return;
  }
  job.state = Job::State::kRunning;
  ++running_;
  lock.unlock();
  const auto queued =
      std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - job.admitted);
  absl::Status outcome = Guarded([&job, queued] { return job.work(queued); });
  lock.lock();
  --running_;
  Settle(job, std::move(outcome));
}

}  // namespace cxr
