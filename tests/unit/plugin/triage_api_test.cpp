// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/core/triage_api.h"

#include <gtest/gtest.h>

#include "nlohmann/json.hpp"
#include "plugin/core/dispatcher.h"
#include "tests/unit/plugin/fake_archive.h"
#include "tests/unit/plugin/fakes.h"

namespace cxr::plugin {
namespace {

class TriageApiTest : public testing::Test {
 protected:
  TriageApiTest() {
    archive_.AddInstance("old");
    archive_.instances.at("old").received = "20231114T221319";
    archive_.position = 1;
  }

  nlohmann::json Ask(const std::string& id) {
    const absl::StatusOr<nlohmann::json> answer = api_.Instance(id);
    EXPECT_TRUE(answer.ok()) << answer.status();
    return answer.value_or(nlohmann::json::object());
  }

  FakeClock clock_;
  FakeArchive archive_;
  FakeClient client_;
  RecordingObserver observer_;
  Worklist worklist_{archive_, archive_, 10};
  InstanceProcessor processor_{{archive_, client_, archive_, archive_, worklist_, clock_}, 100};
  Dispatcher dispatcher_{
      {archive_, archive_, archive_, archive_, processor_, client_, clock_, observer_, [] { return 1.0; }, [] {}},
      DispatcherOptions(),
      clock_.Now()};
  TriageApi api_{{dispatcher_, archive_, archive_, archive_, worklist_, clock_}, "127.0.0.1:1"};
};

TEST_F(TriageApiTest, SaysHowFarItIs) {
  EXPECT_EQ((*api_.Status())["state"], "starting");
  archive_.AddInstance("new");
  (void)dispatcher_.FeedStep();
  nlohmann::json status = *api_.Status();
  EXPECT_EQ(status["state"], "following");
  EXPECT_EQ(status["position"], 1);
  EXPECT_EQ(status["last"], 2);
  EXPECT_EQ(status["lag"], 1);
  EXPECT_EQ(status["backlog"], 1);
  EXPECT_TRUE(status["model"].is_null());
  (void)dispatcher_.WorkStep();
  status = *api_.Status();
  EXPECT_EQ(status["lag"], 0);
  EXPECT_EQ(status["backlog"], 0);
  EXPECT_EQ(status["model"]["name"], "model");
  EXPECT_EQ(status["service"]["state"], "serving");
  EXPECT_EQ(status["counters"]["analysed"], 1);
}

TEST_F(TriageApiTest, ShowsThePauseAndTheErrorWhileTheServiceIsAway) {
  archive_.AddInstance("new");
  client_.otherwise = Unavailable();
  (void)dispatcher_.FeedStep();
  (void)dispatcher_.WorkStep();
  const nlohmann::json service = (*api_.Status())["service"];
  EXPECT_EQ(service["state"], "unavailable");
  EXPECT_EQ(service["retry_in_seconds"], 1.0);
  EXPECT_EQ(service["last_error"]["code"], "UNAVAILABLE");
  EXPECT_EQ(service["last_error"]["at"], "2023-11-14T22:13:20+00:00");
}

TEST_F(TriageApiTest, FollowsAnInstanceFromWaitingToItsOutcome) {
  archive_.AddInstance("new");
  EXPECT_EQ(Ask("new")["outcome"], "pending");
  (void)dispatcher_.FeedStep();
  EXPECT_EQ(Ask("new")["progress"], "waiting");
  client_.during_call = [this] { EXPECT_EQ(Ask("new")["progress"], "in flight"); };
  client_.answers = {ServiceError(absl::StatusCode::kInternal, "", "boom")};
  (void)dispatcher_.WorkStep();
  EXPECT_EQ(Ask("new")["progress"], "retrying");
  EXPECT_EQ(Ask("new")["attempts"], 1);
  EXPECT_EQ(Ask("new")["last_error"], "INTERNAL");
  clock_.Advance(absl::Minutes(1));
  (void)dispatcher_.WorkStep();
  EXPECT_EQ(Ask("new")["outcome"], "analysed");
  EXPECT_EQ(Ask("new")["instance"], "new");
  EXPECT_EQ(Ask("new")["study"], "study");
}

TEST_F(TriageApiTest, CallsAnInstancePendingThatTheFeedHasNotReachedYet) {
  (void)dispatcher_.FeedStep();
  archive_.AddInstance("new");
  EXPECT_EQ(Ask("new")["outcome"], "pending");
}

TEST_F(TriageApiTest, WorksOutWhyAnInstanceIsNotSentAndLeavesNoTrace) {
  archive_.AddInstance("ct", "CT");
  (void)dispatcher_.FeedStep();
  (void)dispatcher_.WorkStep();
  EXPECT_EQ(Ask("ct")["outcome"], "not sent");
  EXPECT_EQ(Ask("ct")["reasons"][0]["code"], "MODALITY_NOT_SUPPORTED");
  EXPECT_TRUE(archive_.written.empty());
  EXPECT_TRUE(archive_.summaries.empty());
  EXPECT_EQ(Ask("old")["reasons"][0]["code"], "STORED_BEFORE_START");
}

TEST_F(TriageApiTest, DoesNotReadTheLogToAnswerForAnInstance) {
  (void)dispatcher_.FeedStep();
  for (int i = 0; i < 1000; ++i) archive_.AddOtherChange();
  archive_.AddInstance("new");
  const int reads = archive_.reads;
  EXPECT_EQ(Ask("new")["outcome"], "pending");
  EXPECT_EQ(archive_.reads, reads);
}

TEST_F(TriageApiTest, CallsNothingStoredBeforeTheStartThatTheLogHasLost) {
  (void)dispatcher_.FeedStep();
  archive_.AddInstance("new");
  archive_.EmptyLog();
  EXPECT_EQ(Ask("new")["outcome"], "pending");
}

TEST_F(TriageApiTest, ShowsTheTroubleOfTheArchive) {
  archive_.AddInstance("new");
  archive_.store_error = ServiceError(absl::StatusCode::kUnavailable, "RESULT_NOT_STORED", "disk full");
  (void)dispatcher_.FeedStep();
  (void)dispatcher_.WorkStep();
  const nlohmann::json status = *api_.Status();
  EXPECT_EQ(status["service"]["state"], "serving");
  EXPECT_EQ(status["archive"]["state"], "unavailable");
  EXPECT_EQ(status["archive"]["last_error"]["reason"], "RESULT_NOT_STORED");
  EXPECT_EQ(Ask("new")["last_error"], "RESULT_NOT_STORED");
  EXPECT_EQ(Ask("new")["attempts"], 0);
}

TEST_F(TriageApiTest, KnowsNothingOfAnInstanceThatIsNotThere) {
  EXPECT_TRUE(absl::IsNotFound(api_.Instance("nobody").status()));
}

}  // namespace
}  // namespace cxr::plugin
