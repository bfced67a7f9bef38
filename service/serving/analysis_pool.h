// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/optional.h"

namespace cxr {

/// How long a caller is willing to wait, and whether it is still there.
struct JobLimits {
  using Clock = std::chrono::system_clock;

  absl::optional<Clock::time_point> deadline;  ///< nothing: no deadline
  /// True when nobody waits for the answer any more; may be empty. Called under the pool's lock, by one thread at a
  /// time and only until the job is settled: it must return at once and must not call the pool.
  std::function<bool()> cancelled;
};

struct PoolOptions {
  int workers = 1;   ///< threads, 1 or more
  int capacity = 1;  ///< jobs that may wait while all workers are busy, 1 or more
  /// Runs once on each worker before its first job: thread settings, warm-up. May be empty. A failure makes Create
  /// fail.
  std::function<absl::Status()> prepare_worker;
};

/// A bounded queue in front of a fixed number of threads. All heavy work runs on these threads, never on those of the
/// transport: LibTorch keeps state per thread (pytorch#64412), and cores must not be shared by more threads than there
/// are. Thread-safe. The destructor settles every job that still waits.
class AnalysisPool {
 public:
  /// A job; `queued` is how long it waited for a worker.
  using Work = std::function<absl::Status(std::chrono::microseconds queued)>;
  /// Takes what became of a job. Called once, without the pool's lock; it may throw nothing.
  using Settled = std::function<void(absl::Status)>;

  struct Load {
    int queued = 0;   ///< jobs that wait
    int running = 0;  ///< jobs on a worker
  };

  /// Starts the workers and returns when every one of them is prepared. Fails with kInvalidArgument for options out of
  /// range and with the status of `prepare_worker`.
  [[nodiscard]] static absl::StatusOr<std::unique_ptr<AnalysisPool>> Create(PoolOptions options);

  AnalysisPool(const AnalysisPool&) = delete;
  AnalysisPool& operator=(const AnalysisPool&) = delete;
  ~AnalysisPool();

  /// Runs `work` on a worker and gives what it returned to `settled`, on that worker. Failures of the pool itself, with
  /// their FailureReason: kOverloaded when the queue is full and kNotServing when draining, both before Submit returns;
  /// kDeadline when the deadline passed before the work began, kInternal when the work throws; CANCELLED when the
  /// caller left before the work began. Work that has begun is always finished.
  void Submit(JobLimits limits, Work work, Settled settled);

  /// Gives up the waiting jobs whose deadline has passed or whose caller has left. Workers pass over such jobs anyway;
  /// this frees what they hold at once.
  void DropDeadJobs();

  /// Refuses new jobs from now on and waits until the admitted ones are finished. At `deadline` the jobs that still
  /// wait are given up with kNotServing, and the result is DEADLINE_EXCEEDED. May be called again.
  [[nodiscard]] absl::Status Drain(JobLimits::Clock::time_point deadline);

  [[nodiscard]] Load load() const;

 private:
  struct Job;
  using Jobs = std::deque<std::unique_ptr<Job>>;

  explicit AnalysisPool(PoolOptions options);

  [[nodiscard]] absl::Status StartWorkers();
  [[nodiscard]] absl::Status Admit(std::unique_ptr<Job>& job, Jobs& dead);
  [[nodiscard]] Jobs TakeDead();
  [[nodiscard]] Jobs TakeAll();
  static void SettleUnwanted(Jobs& jobs);
  void WorkerMain();
  void WorkUntilStopped();
  void RunNext(std::unique_lock<std::mutex>& lock);

  const PoolOptions options_;
  mutable std::mutex mutex_;
  std::condition_variable work_;   ///< a job was queued, or the pool stops
  std::condition_variable idle_;   ///< nothing is queued or running
  std::condition_variable ready_;  ///< a worker is prepared, or failed to be
  Jobs queue_;
  int running_ = 0;
  int prepared_ = 0;
  absl::Status preparation_;
  bool draining_ = false;
  bool stopping_ = false;
  std::vector<std::thread> workers_;
};

}  // namespace cxr
