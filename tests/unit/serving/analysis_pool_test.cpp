// SPDX-License-Identifier: Apache-2.0
#include "service/serving/analysis_pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <set>
#include <stdexcept>
#include <thread>

#include "service/base/failure.h"
#include "tests/support/latch.h"

namespace cxr::test {
namespace {

using std::chrono::hours;
using std::chrono::microseconds;
using std::chrono::milliseconds;
using Clock = JobLimits::Clock;

std::unique_ptr<AnalysisPool> MakePool(int workers, int capacity) {
  return AnalysisPool::Create({workers, capacity, nullptr}).value();
}

absl::Status Nothing(microseconds /*queued*/) {
  return absl::OkStatus();
}

/// Submits and waits for what becomes of it.
absl::Status RunOn(AnalysisPool& pool, JobLimits limits, AnalysisPool::Work work) {
  const auto settled = std::make_shared<std::promise<absl::Status>>();
  std::future<absl::Status> outcome = settled->get_future();
  pool.Submit(std::move(limits), std::move(work),
              [settled](const absl::Status& status) { settled->set_value(status); });
  return outcome.get();
}

void AwaitQueued(const AnalysisPool& pool, int queued) {
  while (pool.load().queued != queued) std::this_thread::yield();
}

/// A pool of one worker that is busy until Release.
class BusyPool {
 public:
  explicit BusyPool(int capacity) : pool_(MakePool(1, capacity)) {
    occupant_ = std::async(std::launch::async, [this] {
      return RunOn(*pool_, {}, [this](microseconds) {
        began_.Open();
        release_.Wait();
        return absl::OkStatus();
      });
    });
    began_.Wait();
  }
  ~BusyPool() { release_.Open(); }

  AnalysisPool& operator*() { return *pool_; }
  AnalysisPool* operator->() { return pool_.get(); }
  void Release() { release_.Open(); }
  absl::Status Occupant() { return occupant_.get(); }

  std::future<absl::Status> Enqueue(JobLimits limits, std::function<absl::Status()> work) {
    const int before = pool_->load().queued;
    auto queued = std::async(std::launch::async, [this, limits = std::move(limits), work = std::move(work)] {
      return RunOn(*pool_, limits, [&work](microseconds) { return work(); });
    });
    AwaitQueued(*pool_, before + 1);
    return queued;
  }

 private:
  std::unique_ptr<AnalysisPool> pool_;
  Latch began_;
  Latch release_;
  std::future<absl::Status> occupant_;
};

TEST(AnalysisPool, RunsWorkOnItsOwnThreadsAndReturnsWhatItReturned) {
  const auto pool = MakePool(2, 1);
  std::thread::id worker;
  const absl::Status status = RunOn(*pool, {}, [&](microseconds queued) {
    worker = std::this_thread::get_id();
    EXPECT_GE(queued.count(), 0);
    return absl::NotFoundError("as it is");
  });
  EXPECT_EQ(status, absl::NotFoundError("as it is"));
  EXPECT_NE(worker, std::this_thread::get_id());
}

TEST(AnalysisPool, WorkersRunSideBySide) {
  const auto pool = MakePool(2, 1);
  Latch first_began;
  Latch second_began;
  auto first = std::async(std::launch::async, [&] {
    return RunOn(*pool, {}, [&](microseconds) {
      first_began.Open();
      second_began.Wait();
      return absl::OkStatus();
    });
  });
  first_began.Wait();
  EXPECT_TRUE(RunOn(*pool, {}, [&](microseconds) {
                second_began.Open();
                return absl::OkStatus();
              }).ok());
  EXPECT_TRUE(first.get().ok());
}

TEST(AnalysisPool, RefusesAtOnceWhenTheQueueIsFullAndGoesOnAfterwards) {
  BusyPool pool(1);
  auto waiting = pool.Enqueue({}, [] { return absl::OkStatus(); });
  EXPECT_EQ(FailureReasonOf(RunOn(*pool, {}, Nothing)), FailureReason::kOverloaded);
  pool.Release();
  EXPECT_TRUE(waiting.get().ok());
  EXPECT_TRUE(RunOn(*pool, {}, Nothing).ok());
}

TEST(AnalysisPool, AJobWhoseDeadlineHasPassedNeverBegins) {
  const auto pool = MakePool(1, 1);
  bool ran = false;
  const absl::Status status = RunOn(*pool, {Clock::now() - milliseconds(1), nullptr}, [&](microseconds) {
    ran = true;
    return absl::OkStatus();
  });
  EXPECT_EQ(FailureReasonOf(status), FailureReason::kDeadline);
  EXPECT_FALSE(ran);
}

TEST(AnalysisPool, AWaitingJobIsGivenUpOnceItsDeadlineHasPassed) {
  BusyPool pool(1);
  bool ran = false;
  auto waiting = pool.Enqueue({Clock::now() + milliseconds(20), nullptr}, [&] {
    ran = true;
    return absl::OkStatus();
  });
  while (waiting.wait_for(microseconds(0)) != std::future_status::ready) pool->DropDeadJobs();
  EXPECT_EQ(FailureReasonOf(waiting.get()), FailureReason::kDeadline);
  EXPECT_EQ(pool->load().queued, 0) << "it leaves its place in the queue";
  pool.Release();
  EXPECT_TRUE(pool.Occupant().ok());
  EXPECT_FALSE(ran);
}

TEST(AnalysisPool, AJobWhoseCallerLeftIsDroppedBeforeWork) {
  BusyPool pool(1);
  std::atomic<bool> gone{false};
  std::atomic<bool> ran{false};
  auto waiting = pool.Enqueue({absl::nullopt, [&] { return gone.load(); }}, [&] {
    ran = true;
    return absl::OkStatus();
  });
  gone = true;
  pool.Release();
  EXPECT_TRUE(absl::IsCancelled(waiting.get()));
  EXPECT_FALSE(ran);
}

TEST(AnalysisPool, JobsThatNobodyWaitsForMakeRoomForOthers) {
  BusyPool pool(1);
  std::atomic<bool> gone{false};
  auto abandoned = pool.Enqueue({absl::nullopt, [&] { return gone.load(); }}, [] { return absl::OkStatus(); });
  gone = true;
  auto next = std::async(std::launch::async, [&] { return RunOn(*pool, {}, Nothing); });
  EXPECT_TRUE(absl::IsCancelled(abandoned.get())) << "dropped while the worker is still busy";
  pool.Release();
  EXPECT_TRUE(next.get().ok());
}

TEST(AnalysisPool, WorkThatHasBegunIsFinishedThoughItsCallerLeaves) {
  const auto pool = MakePool(1, 1);
  bool gone = false;
  bool finished = false;
  const absl::Status status = RunOn(*pool, {absl::nullopt, [&] { return gone; }}, [&](microseconds) {
    gone = true;
    finished = true;
    return absl::OkStatus();
  });
  EXPECT_TRUE(status.ok()) << status;
  EXPECT_TRUE(finished);
}

TEST(AnalysisPool, SurvivesWorkThatThrows) {
  const auto pool = MakePool(1, 1);
  const absl::Status thrown =
      RunOn(*pool, {}, [](microseconds) -> absl::Status { throw std::runtime_error("broken"); });
  EXPECT_EQ(FailureReasonOf(thrown), FailureReason::kInternal);
  EXPECT_NE(thrown.message().find("broken"), absl::string_view::npos);
  const absl::Status odd = RunOn(*pool, {}, [](microseconds) -> absl::Status { throw 7; });
  EXPECT_EQ(FailureReasonOf(odd), FailureReason::kInternal);
  EXPECT_TRUE(RunOn(*pool, {}, Nothing).ok());
  EXPECT_TRUE(pool->Drain(Clock::now() + hours(1)).ok());
  EXPECT_EQ(pool->load().running, 0);
}

TEST(AnalysisPool, DrainFinishesWhatIsAdmittedAndRefusesWhatIsNew) {
  BusyPool pool(2);
  auto waiting = pool.Enqueue({}, [] { return absl::OkStatus(); });
  auto drained = std::async(std::launch::async, [&] { return pool->Drain(Clock::now() + hours(1)); });
  absl::Status refused;
  while ((refused = RunOn(*pool, {Clock::now() - milliseconds(1), nullptr}, Nothing)),
         FailureReasonOf(refused) != FailureReason::kNotServing) {
  }
  pool.Release();
  EXPECT_TRUE(drained.get().ok());
  EXPECT_TRUE(waiting.get().ok()) << "admitted before";
  EXPECT_TRUE(pool.Occupant().ok());
}

TEST(AnalysisPool, DrainGivesUpWhatStillWaitsAtItsDeadline) {
  BusyPool pool(1);
  auto waiting = pool.Enqueue({}, [] { return absl::OkStatus(); });
  EXPECT_TRUE(absl::IsDeadlineExceeded(pool->Drain(Clock::now())));
  EXPECT_EQ(FailureReasonOf(waiting.get()), FailureReason::kNotServing);
  pool.Release();
  EXPECT_TRUE(pool.Occupant().ok()) << "work that has begun is finished";
  EXPECT_TRUE(pool->Drain(Clock::now() + hours(1)).ok());
}

TEST(AnalysisPool, WhatStillWaitsIsSettledWhenThePoolIsDestroyed) {
  std::future<absl::Status> waiting;
  {
    BusyPool pool(1);
    waiting = pool.Enqueue({}, [] { return absl::OkStatus(); });
    ASSERT_TRUE(absl::IsDeadlineExceeded(pool->Drain(Clock::now())));
    pool.Release();
  }
  EXPECT_EQ(FailureReasonOf(waiting.get()), FailureReason::kNotServing);
}

TEST(AnalysisPool, WhatAJobHoldsIsFreedBeforeThePoolIsIdle) {
  const auto pool = MakePool(1, 1);
  const auto held = std::make_shared<int>(7);
  pool->Submit(
      {}, [held](microseconds) { return absl::OkStatus(); }, [](const absl::Status&) {});
  ASSERT_TRUE(pool->Drain(Clock::now() + hours(1)).ok());
  EXPECT_EQ(held.use_count(), 1);
}

TEST(AnalysisPool, EveryWorkerIsPreparedOnItsOwnThreadBeforeCreateReturns) {
  std::mutex mutex;
  std::set<std::thread::id> prepared;
  const auto pool = AnalysisPool::Create({3, 1, [&] {
                                            const std::lock_guard<std::mutex> lock(mutex);
                                            prepared.insert(std::this_thread::get_id());
                                            return absl::OkStatus();
                                          }});
  ASSERT_TRUE(pool.ok());
  const std::lock_guard<std::mutex> lock(mutex);
  EXPECT_EQ(prepared.size(), 3U);
  EXPECT_EQ(prepared.count(std::this_thread::get_id()), 0U);
}

TEST(AnalysisPool, IsNotCreatedWhenAWorkerCannotBePrepared) {
  EXPECT_EQ(AnalysisPool::Create({2, 1, [] { return absl::NotFoundError("no model"); }}).status(),
            absl::NotFoundError("no model"));
  EXPECT_EQ(FailureReasonOf(AnalysisPool::Create({1, 1, []() -> absl::Status { throw std::bad_alloc(); }}).status()),
            FailureReason::kInternal);
}

TEST(AnalysisPool, RefusesOptionsOutOfRange) {
  EXPECT_TRUE(absl::IsInvalidArgument(AnalysisPool::Create({0, 1, nullptr}).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(AnalysisPool::Create({1, 0, nullptr}).status()));
}

TEST(AnalysisPool, EveryJobOfManyCallersIsSettledOnce) {
  const auto pool = MakePool(2, 4);
  std::atomic<int> ran{0};
  std::atomic<int> ok{0};
  std::atomic<int> refused{0};
  std::vector<std::thread> callers;
  callers.reserve(8);
  for (int caller = 0; caller < 8; ++caller) {
    callers.emplace_back([&] {
      for (int i = 0; i < 200; ++i) {
        const absl::Status status = RunOn(*pool, {}, [&](microseconds) {
          ++ran;
          return absl::OkStatus();
        });
        if (status.ok()) ++ok;
        if (FailureReasonOf(status) == FailureReason::kOverloaded) ++refused;
      }
    });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(ran, ok);
  EXPECT_EQ(ok + refused, 8 * 200);
  EXPECT_EQ(pool->load().queued, 0);
}

}  // namespace
}  // namespace cxr::test
