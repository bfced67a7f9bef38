// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/core/instance_processor.h"

#include <gtest/gtest.h>

#include "tests/unit/plugin/fake_archive.h"
#include "tests/unit/plugin/fakes.h"

namespace cxr::plugin {
namespace {

class InstanceProcessorTest : public testing::Test {
 protected:
  InstanceProcessorTest() {
    archive_.AddInstance("i");
    item_.sequence = 1;
    item_.instance_id = "i";
    item_.decided = true;
  }

  FakeClock clock_;
  FakeArchive archive_;
  FakeClient client_;
  Worklist worklist_{archive_, archive_, 10};
  InstanceProcessor processor_{{archive_, client_, archive_, archive_, worklist_, clock_}, 100};
  WorkItem item_;
};

TEST_F(InstanceProcessorTest, StoresTheResultsBeforeItWritesTheOutcome) {
  const ProcessResult result = processor_.Process(item_);
  EXPECT_EQ(result.verdict, Verdict::kSettled);
  EXPECT_TRUE(result.answered);
  EXPECT_EQ(archive_.results_at_outcome, 2U);
  const Outcome& outcome = archive_.written.at("i");
  EXPECT_EQ(outcome.kind, OutcomeKind::kAnalysed);
  EXPECT_EQ(outcome.objects.size(), 2U);
  EXPECT_EQ(outcome.objects[0].instance_id, "stored-capture");
  EXPECT_EQ(archive_.summaries.at("study").Headline().instance_id, "i");
  EXPECT_EQ(archive_.recent_studies, std::vector<std::string>{"study"});
}

TEST_F(InstanceProcessorTest, IsSettledByResultsThatAreThereAlready) {
  archive_.results = {"capture", "report"};
  EXPECT_EQ(processor_.Process(item_).verdict, Verdict::kSettled);
  EXPECT_EQ(archive_.results.size(), 2U);
}

TEST_F(InstanceProcessorTest, DoesNotSendAnInstanceThatHasAnOutcomeButMendsItsSummary) {
  archive_.written["i"].kind = OutcomeKind::kFailed;  // killed right after the outcome was written
  EXPECT_EQ(processor_.Process(item_).verdict, Verdict::kSettledEarlier);
  EXPECT_EQ(client_.calls, 0);
  EXPECT_EQ(archive_.summaries.count("study"), 1U);
}

TEST_F(InstanceProcessorTest, MakesARefusalAFailureWithItsReason) {
  client_.otherwise = ServiceError(absl::StatusCode::kInvalidArgument, "NO_PIXEL_DATA", "There is no pixel data.");
  const ProcessResult result = processor_.Process(item_);
  EXPECT_EQ(result.verdict, Verdict::kSettled);
  EXPECT_TRUE(result.answered);
  const Outcome& outcome = archive_.written.at("i");
  EXPECT_EQ(outcome.kind, OutcomeKind::kFailed);
  EXPECT_FALSE(outcome.classification.has_value());
  EXPECT_EQ(outcome.reasons.at(0).code, "NO_PIXEL_DATA");
}

TEST_F(InstanceProcessorTest, LeavesTheInstanceUntouchedWhileTheServiceIsAway) {
  client_.otherwise = Unavailable();
  const ProcessResult result = processor_.Process(item_);
  EXPECT_EQ(result.verdict, Verdict::kServiceAway);
  EXPECT_FALSE(result.answered);
  EXPECT_TRUE(archive_.written.empty());
}

TEST_F(InstanceProcessorTest, KnowsNothingOfAnInstanceWhoseCallWasCancelled) {
  client_.otherwise = absl::CancelledError("stopping");
  EXPECT_EQ(processor_.Process(item_).verdict, Verdict::kStopped);
  EXPECT_TRUE(archive_.written.empty());
}

TEST_F(InstanceProcessorTest, RepeatsWhenAResultCannotBeStored) {
  archive_.store_error = ServiceError(absl::StatusCode::kUnavailable, "RESULT_NOT_STORED", "disk");
  const ProcessResult result = processor_.Process(item_);
  EXPECT_EQ(result.verdict, Verdict::kArchiveAway);
  EXPECT_FALSE(result.service_failed);
  EXPECT_TRUE(archive_.written.empty());
}

TEST_F(InstanceProcessorTest, FailsAFileThatIsTooLargeWithoutSendingIt) {
  archive_.instances["i"].file = std::string(101, 'x');
  EXPECT_EQ(processor_.Process(item_).verdict, Verdict::kSettled);
  EXPECT_EQ(client_.calls, 0);
  EXPECT_EQ(archive_.written.at("i").reasons.at(0).code, kMessageTooLarge);
}

TEST_F(InstanceProcessorTest, SettlesADeletedInstanceQuietly) {
  archive_.Delete("i");
  EXPECT_EQ(processor_.Process(item_).verdict, Verdict::kGone);
  EXPECT_EQ(client_.calls, 0);
}

TEST_F(InstanceProcessorTest, DoesNotBringAStudyBackThatWasDeletedDuringTheAnalysis) {
  client_.during_call = [this] { archive_.Delete("i"); };
  EXPECT_EQ(processor_.Process(item_).verdict, Verdict::kGone);
  EXPECT_TRUE(archive_.results.empty());
}

TEST_F(InstanceProcessorTest, RemovesItsResultsWhenTheInstanceVanishesBeforeTheOutcomeIsWritten) {
  archive_.results = {"capture"};  // there before: not ours to remove
  archive_.outcome_error = absl::NotFoundError("no instance");
  EXPECT_EQ(processor_.Process(item_).verdict, Verdict::kGone);
  EXPECT_EQ(archive_.removed, std::set<std::string>{"stored-report"});
}

TEST_F(InstanceProcessorTest, DecidesWhatTheFeedCouldNotDecide) {
  item_.decided = false;
  archive_.AddInstance("ct", "CT");
  archive_.AddInstance("own", "SR", "", "cxr-triage");
  item_.instance_id = "ct";
  EXPECT_EQ(processor_.Process(item_).verdict, Verdict::kLeftOut);
  item_.instance_id = "own";
  EXPECT_EQ(processor_.Process(item_).verdict, Verdict::kOwnResult);
  EXPECT_EQ(client_.calls, 0);
  EXPECT_TRUE(archive_.written.empty());
}

TEST_F(InstanceProcessorTest, WritesAFailureAfterTheLastAttempt) {
  const ProcessResult result = processor_.GiveUp(item_, ServiceError(absl::StatusCode::kDeadlineExceeded, "", "late"));
  EXPECT_EQ(result.verdict, Verdict::kSettled);
  EXPECT_EQ(archive_.written.at("i").kind, OutcomeKind::kFailed);
  EXPECT_EQ(archive_.written.at("i").reasons.at(0).code, "DEADLINE_EXCEEDED");
}

AnalysisResult OtherUids() {
  AnalysisResult result = Positive(0.6);
  result.objects = {{"secondary capture", "2.2", "2.1", "capture 2"}, {"structured report", "2.4", "2.3", "report 2"}};
  return result;
}

TEST_F(InstanceProcessorTest, RemovesResultsThatTheArchiveFilesUnderAnotherStudy) {
  archive_.files_into = "the study of a stranger";
  const ProcessResult result = processor_.Process(item_);
  EXPECT_EQ(result.verdict, Verdict::kSettled);
  EXPECT_TRUE(archive_.results.empty());
  EXPECT_EQ(archive_.written.at("i").kind, OutcomeKind::kFailed);
  EXPECT_EQ(archive_.written.at("i").reasons.at(0).code, "RESULT_IN_OTHER_STUDY");
  EXPECT_TRUE(archive_.written.at("i").objects.empty());
}

TEST_F(InstanceProcessorTest, ReplacesTheResultsOfAFormerContent) {
  (void)processor_.Process(item_);
  archive_.StoreAgain("i", "other pixels");
  client_.otherwise = OtherUids();
  EXPECT_EQ(processor_.Process(item_).verdict, Verdict::kSettled);
  EXPECT_EQ(archive_.results, (std::set<std::string>{"capture 2", "report 2"}));
  EXPECT_EQ(archive_.written.at("i").classification->score, 0.6);
  EXPECT_EQ(archive_.summaries.at("study").Headline().score, 0.6);
}

TEST_F(InstanceProcessorTest, ReplacesResultsThatKeepTheirUids) {
  (void)processor_.Process(item_);
  archive_.StoreAgain("i", "other pixels");
  EXPECT_EQ(processor_.Process(item_).verdict, Verdict::kSettled);
  EXPECT_EQ(archive_.removed, (std::set<std::string>{"stored-capture", "stored-report"}));
  EXPECT_EQ(archive_.results.size(), 2U);
}

TEST_F(InstanceProcessorTest, AnalysesAgainThoughAnOutcomeOfOtherContentIsThere) {
  (void)processor_.Process(item_);
  const Outcome outcome = archive_.written.at("i");
  archive_.StoreAgain("i", "other pixels");
  archive_.written["i"] = outcome;  // written a moment too late
  EXPECT_EQ(processor_.Process(item_).verdict, Verdict::kSettled);
  EXPECT_EQ(client_.calls, 2);
}

TEST_F(InstanceProcessorTest, DoesNotAnalyseTheSameContentAgain) {
  (void)processor_.Process(item_);
  const Outcome outcome = archive_.written.at("i");
  archive_.StoreAgain("i", "dicom");
  archive_.written["i"] = outcome;
  EXPECT_EQ(processor_.Process(item_).verdict, Verdict::kSettledEarlier);
  EXPECT_EQ(client_.calls, 1);
}

TEST_F(InstanceProcessorTest, LeavesNoFindingOfAFormerContentOnAFailure) {
  (void)processor_.Process(item_);
  archive_.StoreAgain("i", "other pixels");
  client_.otherwise = ServiceError(absl::StatusCode::kInvalidArgument, "TRUNCATED", "text");
  EXPECT_EQ(processor_.Process(item_).verdict, Verdict::kSettled);
  EXPECT_TRUE(archive_.results.empty());
  EXPECT_EQ(archive_.summaries.at("study").Headline().finding, "");
}

TEST_F(InstanceProcessorTest, RemovesTheCaptureWhenTheReportCannotBeStored) {
  archive_.store_errors["report"] = ServiceError(absl::StatusCode::kUnavailable, "RESULT_NOT_STORED", "disk");
  EXPECT_EQ(processor_.Process(item_).verdict, Verdict::kArchiveAway);
  EXPECT_TRUE(archive_.results.empty());
}

TEST_F(InstanceProcessorTest, RemovesACaptureThatCouldNotBeRemovedBeforeWhenItGivesUp) {
  archive_.store_errors["report"] =
      ServiceError(absl::StatusCode::kFailedPrecondition, "RESULT_FILTERED_OUT", "filter");
  archive_.remove_error = absl::UnavailableError("disk");
  const ProcessResult result = processor_.Process(item_);
  EXPECT_EQ(result.verdict, Verdict::kTransient);
  EXPECT_EQ(result.stored, std::vector<std::string>{"stored-capture"});
  item_.stored = result.stored;
  EXPECT_EQ(processor_.GiveUp(item_, result.error).verdict, Verdict::kArchiveAway);
  EXPECT_TRUE(archive_.written.empty());
  archive_.remove_error = absl::OkStatus();
  EXPECT_EQ(processor_.GiveUp(item_, result.error).verdict, Verdict::kSettled);
  EXPECT_TRUE(archive_.results.empty());
  EXPECT_EQ(archive_.written.at("i").kind, OutcomeKind::kFailed);
}

TEST_F(InstanceProcessorTest, TellsALostConnectionFromAServiceThatIsAway) {
  client_.otherwise = ConnectionLost();
  EXPECT_EQ(processor_.Process(item_).verdict, Verdict::kServiceLost);
}

}  // namespace
}  // namespace cxr::plugin
