// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/core/dispatcher.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <latch>
#include <memory>

#include "absl/strings/str_cat.h"
#include "plugin/core/runner.h"
#include "tests/unit/plugin/dispatcher_fixture.h"

namespace cxr::plugin {
namespace {

using testing::Contains;

class DispatcherTest : public DispatcherFixture {};

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

TEST_F(DispatcherTest, SettlesADeletedInstanceQuietly) {
  archive_.AddInstance("a");
  (void)dispatcher_->FeedStep();
  archive_.instances.erase("a");
  RunUntilIdle();
  EXPECT_TRUE(archive_.written.empty());
  EXPECT_THAT(observer_.events, Contains("gone a"));
  EXPECT_EQ(archive_.position, 1);
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
  options.repeat.backoff = {absl::Milliseconds(1), absl::Milliseconds(2)};
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
