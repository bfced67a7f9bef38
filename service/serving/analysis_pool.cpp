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
  if (Expired(limits)) return TooLate();
  if (limits.cancelled && limits.cancelled()) return absl::CancelledError("The caller left before the analysis began.");
  return absl::OkStatus();
}

}  // namespace

struct AnalysisPool::Job {
  Job(JobLimits job_limits, Work job_work, Settled job_settled)
      : limits(std::move(job_limits)), work(std::move(job_work)), settled(std::move(job_settled)) {}

  JobLimits limits;
  Work work;
  Settled settled;
  const std::chrono::steady_clock::time_point admitted = std::chrono::steady_clock::now();
  absl::Status unwanted;  ///< why it is given up
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
  Jobs dropped;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    draining_ = true;
    stopping_ = true;
    dropped = TakeAll();
    work_.notify_all();
  }
  SettleUnwanted(dropped);
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

void AnalysisPool::Submit(JobLimits limits, Work work, Settled settled) {
  auto job = std::make_unique<Job>(std::move(limits), std::move(work), std::move(settled));
  Jobs dead;
  absl::Status admitted;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    admitted = Admit(job, dead);
  }
  SettleUnwanted(dead);
  if (!admitted.ok()) job->settled(std::move(admitted));
}

absl::Status AnalysisPool::Admit(std::unique_ptr<Job>& job, Jobs& dead) {
  if (draining_) return Failure(FailureReason::kNotServing, "The service is shutting down; repeat later.");
  absl::Status wanted = StillWanted(job->limits);
  if (!wanted.ok()) return wanted;
  const auto capacity = static_cast<std::size_t>(options_.capacity);
  if (queue_.size() >= capacity) dead = TakeDead();
  if (queue_.size() >= capacity) {
    return Failure(FailureReason::kOverloaded,
                   absl::StrCat("All workers are busy and ", capacity, " requests wait already; repeat later."));
  }
  queue_.push_back(std::move(job));
  work_.notify_one();
  return absl::OkStatus();
}

AnalysisPool::Jobs AnalysisPool::TakeDead() {
  Jobs dead;
  Jobs wanted;
  for (std::unique_ptr<Job>& job : queue_) {
    job->unwanted = StillWanted(job->limits);
    (job->unwanted.ok() ? wanted : dead).push_back(std::move(job));
  }
  queue_ = std::move(wanted);
  if (queue_.empty() && running_ == 0) idle_.notify_all();
  return dead;
}

AnalysisPool::Jobs AnalysisPool::TakeAll() {
  for (std::unique_ptr<Job>& job : queue_) {
    job->unwanted =
        Failure(FailureReason::kNotServing, "The service shut down before the analysis began; repeat later.");
  }
  return std::exchange(queue_, Jobs());
}

void AnalysisPool::DropDeadJobs() {
  Jobs dead;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    dead = TakeDead();
  }
  SettleUnwanted(dead);
}

absl::Status AnalysisPool::Drain(JobLimits::Clock::time_point deadline) {
  Jobs dropped;
  absl::Status late;
  {
    std::unique_lock<std::mutex> lock(mutex_);
    draining_ = true;
    if (idle_.wait_until(lock, deadline, [this] { return queue_.empty() && running_ == 0; })) return absl::OkStatus();
    late = absl::DeadlineExceededError(absl::StrCat(running_, " analyses were still running and ", queue_.size(),
                                                    " waiting at the end of the time to drain."));
    dropped = TakeAll();
  }
  SettleUnwanted(dropped);
  return late;
}

AnalysisPool::Load AnalysisPool::load() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return {static_cast<int>(queue_.size()), running_};
}

void AnalysisPool::SettleUnwanted(Jobs& jobs) {
  for (std::unique_ptr<Job>& job : jobs) job->settled(std::move(job->unwanted));
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
  std::unique_ptr<Job> job = std::move(queue_.front());
  queue_.pop_front();
  ++running_;
  absl::Status outcome = StillWanted(job->limits);
  lock.unlock();
  const auto queued =
      std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - job->admitted);
  if (outcome.ok()) outcome = Guarded([&job, queued] { return job->work(queued); });
  job->settled(std::move(outcome));
  job.reset();  // with all it holds, before the pool says that it is idle
  lock.lock();
  --running_;
  if (queue_.empty() && running_ == 0) idle_.notify_all();
}

}  // namespace cxr
