// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/core/dispatcher.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <latch>
#include <stdexcept>

#include "absl/strings/str_cat.h"
#include "plugin/core/runner.h"
#include "tests/unit/plugin/fakes.h"

namespace cxr::plugin {
namespace {

using testing::Contains;
using testing::ElementsAre;

class DispatcherTest : public testing::Test {
 protected:
  DispatcherTest() {
    archive_.position = 0;
    options_.max_attempts = 3;
    options_.queue_size = 4;
    Restart();
  }

  /// What a crash does: everything but the archive is lost.
  void Restart() {
    dispatcher_ =
        std::make_unique<Dispatcher>(Dispatcher::Ports{archive_, archive_, archive_, archive_, processor_, client_,
                                                       clock_, observer_, [] { return 1.0; }, [this] { ++wakes_; }},
                                     options_, clock_.Now());
  }

  /// Calls the steps, with time passing as they ask for, until nothing is left to do.
  void RunUntilIdle() {
    for (int i = 0; i < 5000; ++i) {
      const absl::Time feed = dispatcher_->FeedStep();
      const absl::Time work = dispatcher_->WorkStep();
      const bool done = dispatcher_->Snapshot().backlog == 0 && dispatcher_->Snapshot().position == archive_.sequence;
      if (done) return;
      const absl::Time next = std::min(feed, work);
      ASSERT_NE(next, absl::InfiniteFuture()) << "everybody sleeps while there is work";
      clock_.Set(std::max(clock_.Now(), next));
    }
    FAIL() << "still busy";
  }

  FakeClock clock_;
  FakeArchive archive_;
  FakeClient client_;
  RecordingObserver observer_;
  Worklist worklist_{archive_, archive_, 10};
  InstanceProcessor processor_{{archive_, client_, archive_, archive_, worklist_, clock_}, 100};
  DispatcherOptions options_;
  int wakes_ = 0;
  std::unique_ptr<Dispatcher> dispatcher_;
};

TEST_F(DispatcherTest, TakesEveryRadiographToItsOutcomeAndLeavesTheRestAlone) {
  archive_.AddInstance("a");
  archive_.AddInstance("ct", "CT");
  archive_.AddInstance("b", "CR", "");
  archive_.AddInstance("own", "OT", "", "cxr-triage");
  archive_.AddOtherChange();
  RunUntilIdle();
  EXPECT_EQ(archive_.written.size(), 2U);
  EXPECT_EQ(archive_.position, 5);
  const DispatcherSnapshot snapshot = dispatcher_->Snapshot();
  EXPECT_EQ(snapshot.counters.analysed, 2);
  EXPECT_EQ(snapshot.counters.left_out, 1);
  EXPECT_EQ(snapshot.counters.own_results, 1);
  EXPECT_EQ(snapshot.counters.objects_stored, 4);
}

TEST_F(DispatcherTest, WorksThroughMoreThanTheQueueHolds) {
  for (int i = 0; i < 250; ++i) archive_.AddInstance(absl::StrCat("i", i));
  RunUntilIdle();
  EXPECT_EQ(archive_.written.size(), 250U);
}

TEST_F(DispatcherTest, StopsReadingWhileTheQueueIsFull) {
  for (int i = 0; i < 300; ++i) archive_.AddInstance(absl::StrCat("i", i));
  EXPECT_EQ(dispatcher_->FeedStep(), clock_.Now());
  EXPECT_EQ(dispatcher_->FeedStep(), absl::InfiniteFuture());
  EXPECT_EQ(archive_.reads, 1);
}

TEST_F(DispatcherTest, GivesUpNoInstanceHoweverLongTheServiceIsAway) {
  archive_.AddInstance("a");
  client_.otherwise = Unavailable();
  client_.answers.assign(200, Unavailable());
  client_.otherwise = Positive();
  RunUntilIdle();
  EXPECT_EQ(client_.calls, 201);
  EXPECT_EQ(archive_.written.at("a").kind, OutcomeKind::kAnalysed);
  EXPECT_EQ(observer_.events, (std::vector<std::string>{"following 0", "away", "back", "settled a analysed"}));
}

TEST_F(DispatcherTest, WaitsLongerAndLongerForTheService) {
  archive_.AddInstance("a");
  client_.otherwise = Unavailable();
  (void)dispatcher_->FeedStep();
  std::vector<std::int64_t> pauses;
  for (int i = 0; i < 7; ++i) {
    (void)dispatcher_->WorkStep();                    // the call
    const absl::Time next = dispatcher_->WorkStep();  // the pause
    pauses.push_back(absl::ToInt64Seconds(next - clock_.Now()));
    clock_.Set(next);
  }
  EXPECT_THAT(pauses, ElementsAre(1, 2, 4, 8, 16, 30, 30));
  EXPECT_EQ(archive_.position, 0);
  EXPECT_EQ(dispatcher_->Find("a")->attempts, 0);
}

TEST_F(DispatcherTest, FailsAnInstanceAfterTheLastAttemptAndGoesOn) {
  archive_.AddInstance("bad");
  archive_.AddInstance("good");
  client_.answers = {ServiceError(absl::StatusCode::kInternal, "", "boom"), Positive(),
                     ServiceError(absl::StatusCode::kInternal, "", "boom"),
                     ServiceError(absl::StatusCode::kInternal, "", "boom")};
  RunUntilIdle();
  EXPECT_EQ(archive_.written.at("bad").kind, OutcomeKind::kFailed);
  EXPECT_EQ(archive_.written.at("bad").reasons.at(0).code, "INTERNAL");
  EXPECT_EQ(archive_.written.at("good").kind, OutcomeKind::kAnalysed);
  EXPECT_EQ(client_.calls, 4);
}

TEST_F(DispatcherTest, KeepsThePositionBeforeAnInstanceThatIsNotSettled) {
  archive_.AddInstance("slow");
  archive_.AddInstance("quick");
  client_.answers = {ServiceError(absl::StatusCode::kInternal, "", "boom")};
  (void)dispatcher_->FeedStep();
  (void)dispatcher_->WorkStep();  // slow fails for now
  (void)dispatcher_->WorkStep();  // quick is settled
  EXPECT_EQ(archive_.written.count("quick"), 1U);
  EXPECT_EQ(archive_.position, 0);
  clock_.Advance(absl::Seconds(1));
  (void)dispatcher_->WorkStep();
  EXPECT_EQ(archive_.position, 2);
}

TEST_F(DispatcherTest, DoesWhatWasInFlightAgainAfterACrash) {
  archive_.AddInstance("a");
  archive_.AddInstance("b");
  (void)dispatcher_->FeedStep();
  client_.otherwise = absl::CancelledError("stopping");
  (void)dispatcher_->WorkStep();
  EXPECT_TRUE(archive_.written.empty());
  client_.otherwise = Positive();
  Restart();
  RunUntilIdle();
  EXPECT_EQ(archive_.written.size(), 2U);
}

TEST_F(DispatcherTest, SendsNothingTwiceWhenOnlyThePositionWasLost) {
  archive_.AddInstance("a");
  RunUntilIdle();
  archive_.position = 0;
  Restart();
  RunUntilIdle();
  EXPECT_EQ(client_.calls, 1);
  EXPECT_EQ(dispatcher_->Snapshot().counters.settled_earlier, 1);
}

TEST_F(DispatcherTest, BlamesAHangingServiceAndNotTheInstance) {
  archive_.AddInstance("a");
  client_.description = ServiceError(absl::StatusCode::kDeadlineExceeded, "", "late");
  client_.answers.assign(10, ServiceError(absl::StatusCode::kDeadlineExceeded, "", "late"));
  (void)dispatcher_->ProbeStep();
  RunUntilIdle();
  EXPECT_EQ(client_.calls, 11);
  EXPECT_EQ(archive_.written.at("a").kind, OutcomeKind::kAnalysed);
}

TEST_F(DispatcherTest, BlamesTheInstanceWhenOnlyItsOwnCallHangs) {
  archive_.AddInstance("a");
  client_.otherwise = ServiceError(absl::StatusCode::kDeadlineExceeded, "", "late");
  (void)dispatcher_->ProbeStep();
  RunUntilIdle();
  EXPECT_EQ(client_.calls, 3);
  EXPECT_EQ(archive_.written.at("a").kind, OutcomeKind::kFailed);
}

TEST_F(DispatcherTest, LearnsFromTheProbeThatTheServiceIsBack) {
  archive_.AddInstance("a");
  client_.answers = {Unavailable()};
  (void)dispatcher_->FeedStep();
  (void)dispatcher_->WorkStep();
  EXPECT_EQ(dispatcher_->Snapshot().service.state, AvailabilityState::kUnavailable);
  (void)dispatcher_->ProbeStep();
  EXPECT_EQ(dispatcher_->Snapshot().service.state, AvailabilityState::kServing);
  EXPECT_EQ(dispatcher_->Snapshot().model->name, "model");
  (void)dispatcher_->WorkStep();
  EXPECT_EQ(archive_.written.size(), 1U);
}

TEST_F(DispatcherTest, IsNotToldByTheProbeThatAnOverloadIsOver) {
  archive_.AddInstance("a");
  client_.answers = {ServiceError(absl::StatusCode::kResourceExhausted, "OVERLOADED", "full")};
  (void)dispatcher_->FeedStep();
  (void)dispatcher_->WorkStep();
  (void)dispatcher_->ProbeStep();
  EXPECT_EQ(dispatcher_->Snapshot().service.state, AvailabilityState::kOverloaded);
  RunUntilIdle();
  EXPECT_EQ(dispatcher_->Snapshot().service.state, AvailabilityState::kServing);
}

TEST_F(DispatcherTest, TriesAgainWhenTheDatabaseDoesNotAnswer) {
  archive_.AddInstance("a");
  archive_.log_error = absl::UnavailableError("database");
  EXPECT_EQ(dispatcher_->FeedStep(), clock_.Now() + absl::Seconds(1));
  EXPECT_THAT(observer_.events, Contains("trouble"));
  archive_.log_error = absl::OkStatus();
  RunUntilIdle();
  EXPECT_EQ(archive_.written.size(), 1U);
}

TEST_F(DispatcherTest, ForgetsNoRadiographWhoseTagsCouldNotBeRead) {
  archive_.AddInstance("a");
  archive_.instance_error = absl::UnavailableError("storage");
  (void)dispatcher_->FeedStep();
  EXPECT_EQ(dispatcher_->Snapshot().backlog, 1U);
  archive_.instance_error = absl::OkStatus();
  RunUntilIdle();
  EXPECT_EQ(archive_.written.at("a").kind, OutcomeKind::kAnalysed);
}

TEST_F(DispatcherTest, NeverGivesUpWritingAnOutcome) {
  archive_.AddInstance("a");
  archive_.outcome_error = absl::UnavailableError("database");
  (void)dispatcher_->FeedStep();
  for (int i = 0; i < 10; ++i) {
    (void)dispatcher_->WorkStep();
    clock_.Advance(absl::Seconds(60));
  }
  EXPECT_EQ(archive_.position, 0);
  EXPECT_EQ(dispatcher_->Snapshot().backlog, 1U);
  archive_.outcome_error = absl::OkStatus();
  RunUntilIdle();
  EXPECT_EQ(archive_.written.at("a").kind, OutcomeKind::kAnalysed);
}

TEST_F(DispatcherTest, SettlesADeletedInstanceQuietly) {
  archive_.AddInstance("a");
  (void)dispatcher_->FeedStep();
  archive_.instances.erase("a");
  RunUntilIdle();
  EXPECT_TRUE(archive_.written.empty());
  EXPECT_THAT(observer_.events, Contains("gone a"));
  EXPECT_EQ(archive_.position, 1);
}

TEST_F(DispatcherTest, LetsNoRadiographThatEndsTheServiceStopTheOthers) {
  options_.max_losses = 3;
  Restart();
  archive_.AddInstance("poison");
  archive_.instances.at("poison").file = "poison";
  client_.answer_to.emplace("poison", ConnectionLost());
  for (int i = 0; i < 60; ++i) archive_.AddInstance(absl::StrCat("i", i));
  RunUntilIdle();
  EXPECT_EQ(archive_.written.size(), 61U);
  EXPECT_EQ(archive_.written.at("poison").kind, OutcomeKind::kFailed);
  EXPECT_EQ(archive_.written.at("poison").reasons.at(0).code, "SERVICE_LOST_WITH_IT");
  EXPECT_EQ(archive_.written.at("i59").kind, OutcomeKind::kAnalysed);
  EXPECT_EQ(client_.calls, 63);
  EXPECT_EQ(dispatcher_->Snapshot().counters.service_losses, 3);
}

TEST_F(DispatcherTest, DoesNotBlameTheRadiographForAServiceThatCannotBeReached) {
  archive_.AddInstance("a");
  client_.answers = {ConnectionLost()};
  for (int i = 0; i < 50; ++i) client_.answers.emplace_back(Unavailable());
  RunUntilIdle();
  EXPECT_EQ(archive_.written.at("a").kind, OutcomeKind::kAnalysed);
}

TEST_F(DispatcherTest, GoesOnWithOthersWhenTheServiceHangsWithOne) {
  archive_.AddInstance("hangs");
  archive_.instances.at("hangs").file = "hangs";
  archive_.AddInstance("good");
  client_.answer_to.emplace("hangs", ServiceError(absl::StatusCode::kDeadlineExceeded, "", "late"));
  client_.description = Unavailable();
  client_.during_call = [this] { (void)dispatcher_->ProbeStep(); };
  (void)dispatcher_->FeedStep();
  (void)dispatcher_->WorkStep();
  client_.during_call = nullptr;
  clock_.Set(dispatcher_->WorkStep());
  (void)dispatcher_->WorkStep();
  EXPECT_EQ(client_.sent.back(), "dicom");
}

TEST_F(DispatcherTest, LosesNothingWhenTheLogIsEmptiedWhileRadiographsWait) {
  client_.otherwise = Unavailable();
  for (int i = 0; i < 320; ++i) archive_.AddInstance(absl::StrCat("i", i));
  (void)dispatcher_->FeedStep();
  (void)dispatcher_->WorkStep();
  archive_.EmptyLog();
  client_.otherwise = Positive();
  RunUntilIdle();
  EXPECT_EQ(archive_.written.size(), 320U);
  EXPECT_EQ(client_.calls, 321) << "one call found the service away, each radiograph was sent once";
  EXPECT_THAT(observer_.events, Contains("log lost"));
  EXPECT_EQ(archive_.position, 320);
}

TEST_F(DispatcherTest, FindsWhatTheLogLostAfterACrashToo) {
  client_.otherwise = Unavailable();
  for (int i = 0; i < 150; ++i) archive_.AddInstance(absl::StrCat("i", i));
  (void)dispatcher_->FeedStep();
  (void)dispatcher_->WorkStep();
  archive_.EmptyLog();
  archive_.AddInstance("after");
  Restart();
  (void)dispatcher_->FeedStep();
  Restart();  // in the middle of it
  client_.otherwise = Positive();
  RunUntilIdle();
  EXPECT_EQ(archive_.written.size(), 151U);
}

TEST_F(DispatcherTest, LeavesWhatWasThereBeforeTheStartAloneWhenTheLogIsEmptied) {
  archive_.AddInstance("old");
  archive_.instances.at("old").received = "20231114T221319";
  archive_.position = 1;
  archive_.AddInstance("new");
  archive_.EmptyLog();
  RunUntilIdle();
  EXPECT_EQ(archive_.written.count("old"), 0U);
  EXPECT_EQ(archive_.written.count("new"), 1U);
}

TEST_F(DispatcherTest, ReadsALogThatCountsAnew) {
  archive_.AddInstance("a");
  RunUntilIdle();
  for (int i = 0; i < 40; ++i) archive_.AddOtherChange();
  RunUntilIdle();
  EXPECT_EQ(archive_.position, 41);
  archive_.EmptyLog();
  archive_.sequence = 0;
  archive_.AddInstance("b");
  RunUntilIdle();
  EXPECT_EQ(archive_.written.count("b"), 1U);
  EXPECT_EQ(archive_.position, 1);
}

TEST_F(DispatcherTest, WaitsForAnArchiveThatCannotStoreAndFailsNothing) {
  for (int i = 0; i < 15; ++i) archive_.AddInstance(absl::StrCat("i", i));
  archive_.store_error = ServiceError(absl::StatusCode::kUnavailable, "RESULT_NOT_STORED", "disk full");
  (void)dispatcher_->FeedStep();
  for (int i = 0; i < 100; ++i) clock_.Set(std::max(clock_.Now(), dispatcher_->WorkStep()));
  EXPECT_TRUE(archive_.written.empty());
  EXPECT_EQ(dispatcher_->Snapshot().archive.state, AvailabilityState::kUnavailable);
  EXPECT_EQ(dispatcher_->Snapshot().service.state, AvailabilityState::kServing);
  EXPECT_EQ(dispatcher_->Find("i0")->attempts, 0);
  archive_.store_error = absl::OkStatus();
  RunUntilIdle();
  EXPECT_EQ(archive_.written.size(), 15U);
  EXPECT_EQ(dispatcher_->Snapshot().counters.failed, 0);
  EXPECT_EQ(dispatcher_->Snapshot().archive.state, AvailabilityState::kServing);
  EXPECT_THAT(observer_.events, Contains("trouble over"));
}

TEST_F(DispatcherTest, FailsAFileThatCannotBeReadOnlyWhileOthersCan) {
  archive_.AddInstance("lost");
  archive_.unreadable.insert("lost");
  (void)dispatcher_->FeedStep();
  for (int i = 0; i < 30; ++i) clock_.Set(std::max(clock_.Now(), dispatcher_->WorkStep()));
  EXPECT_TRUE(archive_.written.empty()) << "nobody knows whether it is the archive or the file";
  for (int i = 0; i < 3; ++i) {
    archive_.AddInstance(absl::StrCat("good", i));
    (void)dispatcher_->FeedStep();
    for (int j = 0; j < 20; ++j)
      clock_.Set(std::max(clock_.Now(), std::min(dispatcher_->WorkStep(), clock_.Now() + absl::Minutes(1))));
  }
  EXPECT_EQ(archive_.written.at("lost").reasons.at(0).code, "FILE_NOT_READABLE");
}

TEST_F(DispatcherTest, KeepsAnInstanceWhoseAttemptEndedWithAnException) {
  archive_.AddInstance("a");
  client_.during_call = [this] {
    client_.during_call = nullptr;
    throw std::runtime_error("boost::filesystem::create_directory: Not a directory");
  };
  RunUntilIdle();
  EXPECT_EQ(archive_.written.at("a").kind, OutcomeKind::kAnalysed);
}

TEST_F(DispatcherTest, ReadsTheSeriesOfAnInstanceOnce) {
  archive_.AddInstance("a");
  RunUntilIdle();
  EXPECT_EQ(archive_.series_reads, 1);
}

TEST_F(DispatcherTest, AnalysesAgainWhatWasStoredAgainDuringItsAnalysis) {
  archive_.AddInstance("a");
  client_.during_call = [this] {
    client_.during_call = nullptr;
    archive_.StoreAgain("a", "other pixels");
  };
  RunUntilIdle();
  EXPECT_EQ(client_.sent, (std::vector<std::string>{"dicom", "other pixels"}));
  EXPECT_EQ(archive_.written.size(), 1U);
}

/// Tells when so many instances are settled.
class CountingObserver : public RecordingObserver {
 public:
  explicit CountingObserver(int expected) : remaining(expected) {}
  void OnSettled(const std::string& id, const Outcome& outcome) override {
    RecordingObserver::OnSettled(id, outcome);
    remaining.count_down();
  }

  std::latch remaining;
};

TEST(DispatcherThreads, SettleEverythingTogetherThoughTheServiceComesAndGoes) {
  constexpr int kInstances = 100;
  SystemClock clock;
  FakeArchive archive;
  FakeClient client;
  CountingObserver observer(kInstances);
  Worklist worklist(archive, archive, 10);
  InstanceProcessor processor({archive, client, archive, archive, worklist, clock}, 100);
  std::unique_ptr<Runner> runner;
  DispatcherOptions options;
  options.queue_size = 20;
  options.backoff = {absl::Milliseconds(1), absl::Milliseconds(2)};
  Dispatcher dispatcher({archive, archive, archive, archive, processor, client, clock, observer, [] { return 1.0; },
                         [&] { runner->Wake(); }},
                        options, clock.Now());
  archive.position = 0;
  for (int i = 0; i < kInstances; ++i) {
    archive.AddInstance(absl::StrCat("i", i));
    archive.AddInstance(absl::StrCat("ct", i), "CT");
    client.answers.emplace_back(Positive());
    client.answers.emplace_back(Unavailable());
  }
  const Runner::Step work = [&] { return dispatcher.WorkStep(); };
  runner = std::make_unique<Runner>(
      std::vector<Runner::Step>{[&] { return dispatcher.FeedStep(); }, [&] { return dispatcher.ProbeStep(); }, work,
                                work, work, work},
      [](const char*) {});
  runner->Start();
  observer.remaining.wait();
  runner->Stop();
  EXPECT_EQ(archive.written.size(), static_cast<std::size_t>(kInstances));
  EXPECT_EQ(archive.position, archive.sequence);
}

}  // namespace
}  // namespace cxr::plugin
