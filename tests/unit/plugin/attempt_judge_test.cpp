// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/core/attempt_judge.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <stdexcept>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/unit/plugin/dispatcher_fixture.h"

namespace cxr::plugin {
namespace {

/// A judge alone, without jitter.
struct JudgeAlone {
  FakeClock clock;
  AttemptJudge judge{RepeatOptions(), clock, [] { return 1.0; }};
};

TEST(AttemptJudgeAloneTest, CountsAgainstAnInstanceOnlyWhatMayBeItsOwnFault) {
  const std::vector<std::pair<Verdict, bool>> counts = {{Verdict::kTransient, true},    {Verdict::kUnreadable, true},
                                                        {Verdict::kServiceLost, true},  {Verdict::kServiceAway, false},
                                                        {Verdict::kArchiveAway, false}, {Verdict::kChanged, false},
                                                        {Verdict::kStopped, false}};
  for (const auto& [verdict, counted] : counts) {
    JudgeAlone alone;
    WorkItem item;
    ProcessResult result;
    result.verdict = verdict;
    result.error = Unavailable();
    EXPECT_FALSE(Settles(verdict));
    EXPECT_EQ(alone.judge.StepBack(item, result), counted) << static_cast<int>(verdict);
    EXPECT_EQ(item.attempts + item.losses, counted ? 1 : 0) << static_cast<int>(verdict);
  }
}

TEST(AttemptJudgeAloneTest, LetsOneAttemptAtATimeFindOutWhetherThePartnerIsBack) {
  JudgeAlone alone;
  EXPECT_TRUE(alone.judge.MayBegin(alone.clock.Now(), 7));
  EXPECT_EQ(alone.judge.NoteProbe(Unavailable(), alone.clock.Now()), PartnerChange::kWentAway);
  EXPECT_FALSE(alone.judge.MayBegin(alone.clock.Now(), 0)) << "the pause is not over";
  alone.clock.Set(alone.judge.NextCall());
  EXPECT_TRUE(alone.judge.MayBegin(alone.clock.Now(), 0));
  EXPECT_FALSE(alone.judge.MayBegin(alone.clock.Now(), 1));
  EXPECT_EQ(alone.judge.NoteProbe(absl::OkStatus(), alone.clock.Now()), PartnerChange::kCameBack);
  EXPECT_TRUE(alone.judge.MayBegin(alone.clock.Now(), 1));
}

/// The judge's rules as they show in a dispatcher's work.
class AttemptJudgeTest : public DispatcherFixture {};

TEST_F(AttemptJudgeTest, GivesUpNoInstanceHoweverLongTheServiceIsAway) {
  archive_.AddInstance("a");
  client_.otherwise = Unavailable();
  client_.answers.assign(200, Unavailable());
  client_.otherwise = Positive();
  RunUntilIdle();
  EXPECT_EQ(client_.calls, 201);
  EXPECT_EQ(archive_.written.at("a").kind, OutcomeKind::kAnalysed);
  EXPECT_EQ(observer_.events, (std::vector<std::string>{"following 0", "away", "back", "settled a analysed"}));
}

TEST_F(AttemptJudgeTest, WaitsLongerAndLongerForTheService) {
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
  EXPECT_THAT(pauses, testing::ElementsAre(1, 2, 4, 8, 16, 30, 30));
  EXPECT_EQ(archive_.position, 0);
  EXPECT_EQ(dispatcher_->Find("a")->attempts, 0);
}

TEST_F(AttemptJudgeTest, FailsAnInstanceAfterTheLastAttemptAndGoesOn) {
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

TEST_F(AttemptJudgeTest, BlamesAHangingServiceAndNotTheInstance) {
  archive_.AddInstance("a");
  client_.description = ServiceError(absl::StatusCode::kDeadlineExceeded, "", "late");
  client_.answers.assign(10, ServiceError(absl::StatusCode::kDeadlineExceeded, "", "late"));
  (void)dispatcher_->ProbeStep();
  RunUntilIdle();
  EXPECT_EQ(client_.calls, 11);
  EXPECT_EQ(archive_.written.at("a").kind, OutcomeKind::kAnalysed);
}

TEST_F(AttemptJudgeTest, BlamesTheInstanceWhenOnlyItsOwnCallHangs) {
  archive_.AddInstance("a");
  client_.otherwise = ServiceError(absl::StatusCode::kDeadlineExceeded, "", "late");
  (void)dispatcher_->ProbeStep();
  RunUntilIdle();
  EXPECT_EQ(client_.calls, 3);
  EXPECT_EQ(archive_.written.at("a").kind, OutcomeKind::kFailed);
}

TEST_F(AttemptJudgeTest, LearnsFromTheProbeThatTheServiceIsBack) {
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

TEST_F(AttemptJudgeTest, IsNotToldByTheProbeThatAnOverloadIsOver) {
  archive_.AddInstance("a");
  client_.answers = {ServiceError(absl::StatusCode::kResourceExhausted, "OVERLOADED", "full")};
  (void)dispatcher_->FeedStep();
  (void)dispatcher_->WorkStep();
  (void)dispatcher_->ProbeStep();
  EXPECT_EQ(dispatcher_->Snapshot().service.state, AvailabilityState::kOverloaded);
  RunUntilIdle();
  EXPECT_EQ(dispatcher_->Snapshot().service.state, AvailabilityState::kServing);
}

TEST_F(AttemptJudgeTest, NeverGivesUpWritingAnOutcome) {
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

TEST_F(AttemptJudgeTest, LetsNoRadiographThatEndsTheServiceStopTheOthers) {
  options_.repeat.max_losses = 3;
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

TEST_F(AttemptJudgeTest, DoesNotBlameTheRadiographForAServiceThatCannotBeReached) {
  archive_.AddInstance("a");
  client_.answers = {ConnectionLost()};
  for (int i = 0; i < 50; ++i) client_.answers.emplace_back(Unavailable());
  RunUntilIdle();
  EXPECT_EQ(archive_.written.at("a").kind, OutcomeKind::kAnalysed);
}

TEST_F(AttemptJudgeTest, GoesOnWithOthersWhenTheServiceHangsWithOne) {
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

TEST_F(AttemptJudgeTest, WaitsForAnArchiveThatCannotStoreAndFailsNothing) {
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
  EXPECT_THAT(observer_.events, testing::Contains("trouble over"));
}

TEST_F(AttemptJudgeTest, FailsAFileThatCannotBeReadOnlyWhileOthersCan) {
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

TEST_F(AttemptJudgeTest, KeepsAnInstanceWhoseAttemptEndedWithAnException) {
  archive_.AddInstance("a");
  client_.during_call = [this] {
    client_.during_call = nullptr;
    throw std::runtime_error("boost::filesystem::create_directory: Not a directory");
  };
  RunUntilIdle();
  EXPECT_EQ(archive_.written.at("a").kind, OutcomeKind::kAnalysed);
}

}  // namespace
}  // namespace cxr::plugin
