// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/core/worklist.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "nlohmann/json.hpp"
#include "plugin/core/outcome_recorder.h"
#include "tests/unit/plugin/fakes.h"

namespace cxr::plugin {
namespace {

using testing::ElementsAre;

Outcome Of(OutcomeKind kind, double score = 0, bool positive = false) {
  Outcome outcome;
  outcome.kind = kind;
  if (IsAnalysed(kind)) {
    outcome.classification =
        Classification{positive ? "BACTERIA" : "NORMAL", positive, score, 0.5, score, 1 - score, 0};
  }
  return outcome;
}

class WorklistTest : public testing::Test {
 protected:
  void Record(const std::string& study, const Outcome& outcome, const std::string& instance = "") {
    ASSERT_TRUE(recorder_.Record(instance.empty() ? "i-" + study : instance, study, outcome).ok());
  }

  std::vector<std::string> Order(std::size_t limit = 100) {
    const absl::StatusOr<nlohmann::json> list = BuildWorklist(archive_, archive_, limit);
    EXPECT_TRUE(list.ok());
    std::vector<std::string> order;
    for (const nlohmann::json& entry : *list) order.push_back(entry.at("study"));
    return order;
  }

  FakeArchive archive_;
  OutcomeRecorder recorder_{archive_, 5};
};

TEST_F(WorklistTest, OrdersByUrgencyAndLetsNoFailureSinkBelowTheNegatives) {
  Record("inapplicable", Of(OutcomeKind::kNotApplicable));
  Record("normal", Of(OutcomeKind::kAnalysed, 0.4));
  Record("failed", Of(OutcomeKind::kFailed));
  Record("likely", Of(OutcomeKind::kAnalysed, 0.6, true));
  Record("certain", Of(OutcomeKind::kAnalysedWithWarnings, 0.9, true));
  EXPECT_THAT(Order(), ElementsAre("certain", "likely", "failed", "normal", "inapplicable"));
  EXPECT_THAT(Order(2), ElementsAre("certain", "likely"));
}

TEST_F(WorklistTest, PutsAStudyWhereItsMostUrgentInstanceStands) {
  Record("a", Of(OutcomeKind::kAnalysed, 0.6, true), "a1");
  Record("b", Of(OutcomeKind::kAnalysed, 0.1), "b1");
  Record("b", Of(OutcomeKind::kAnalysed, 0.8, true), "b2");
  Record("b", Of(OutcomeKind::kNotApplicable), "b3");
  const nlohmann::json list = *BuildWorklist(archive_, archive_, 10);
  EXPECT_EQ(list[0]["study"], "b");
  EXPECT_EQ(list[0]["instance"], "b2");
  EXPECT_EQ(list[0]["score"], 0.8);
  EXPECT_EQ(list[0]["rank"], 1);
  EXPECT_EQ(list[0]["instances"]["analysed"], 2);
  EXPECT_EQ(list[0]["instances"]["not applicable"], 1);
  EXPECT_EQ(list[0]["study_instance_uid"], "uid-b");
}

TEST_F(WorklistTest, ShowsNoScoreWhereNothingWasAnalysed) {
  Record("failed", Of(OutcomeKind::kFailed));
  const nlohmann::json list = *BuildWorklist(archive_, archive_, 10);
  EXPECT_TRUE(list[0]["score"].is_null());
  EXPECT_TRUE(list[0]["positive"].is_null());
}

TEST_F(WorklistTest, DropsDeletedStudies) {
  Record("a", Of(OutcomeKind::kAnalysed, 0.6, true));
  Record("b", Of(OutcomeKind::kAnalysed, 0.7, true));
  archive_.deleted_studies.insert("b");
  EXPECT_THAT(Order(), ElementsAre("a"));
}

TEST_F(WorklistTest, RemembersTheNewestStudies) {
  for (const char* study : {"a", "b", "c", "d", "e", "a", "f"}) Record(study, Of(OutcomeKind::kFailed));
  EXPECT_THAT(archive_.index.Studies(), ElementsAre("c", "d", "e", "a", "f"));
}

TEST_F(WorklistTest, RecordsARepeatOnce) {
  Record("a", Of(OutcomeKind::kAnalysed, 0.6, true), "x");
  Record("a", Of(OutcomeKind::kAnalysed, 0.6, true), "x");
  EXPECT_EQ(archive_.summaries.at("a").Entries().size(), 1U);
  EXPECT_EQ(archive_.index.Studies().size(), 1U);
}

TEST(WorklistIndex, SurvivesItsTextFormAndStartsAfreshFromAnother) {
  WorklistIndex index;
  index.Touch("a", 3);
  index.Touch("b", 3);
  EXPECT_EQ(WorklistIndex::Parse(index.Serialize()).Studies(), index.Studies());
  EXPECT_TRUE(WorklistIndex::Parse("nonsense").Studies().empty());
  EXPECT_TRUE(WorklistIndex::Parse("{}").Studies().empty());
}

TEST(StudySummary, SurvivesItsJsonForm) {
  StudySummary summary;
  summary.Put("a", Of(OutcomeKind::kAnalysed, 0.3));
  summary.Put("b", Of(OutcomeKind::kFailed));
  const absl::StatusOr<StudySummary> read = StudySummary::FromJson(summary.ToJson().dump());
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->ToJson(), summary.ToJson());
  EXPECT_EQ(read->Headline().instance_id, "b");
  EXPECT_FALSE(StudySummary::FromJson("{}").ok());
  EXPECT_FALSE(StudySummary::FromJson("{\"instances\": []}").ok());
}

TEST(StudySummary, KeepsTheMostUrgentOfAHugeStudy) {
  StudySummary summary;
  for (int i = 0; i < 300; ++i) summary.Put(std::to_string(i), Of(OutcomeKind::kNotApplicable));
  summary.Put("positive", Of(OutcomeKind::kAnalysed, 0.9, true));
  EXPECT_EQ(summary.Entries().size(), StudySummary::kMaxEntries);
  EXPECT_EQ(summary.Headline().instance_id, "positive");
}

}  // namespace
}  // namespace cxr::plugin
