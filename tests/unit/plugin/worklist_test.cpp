// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/core/worklist.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "nlohmann/json.hpp"
#include "tests/unit/plugin/fake_archive.h"

namespace cxr::plugin {
namespace {

using testing::ElementsAre;

Outcome Of(OutcomeKind kind, double score = 0, bool positive = false) {
  Outcome outcome;
  outcome.kind = kind;
  if (IsAnalysed(kind)) {
    outcome.classification = positive ? Classification{kPositive, "BACTERIA", score, 0.5, 0.5, score, 1 - score, 0}
                                      : Classification{kNegative, "NORMAL", score, 0.5, 0.5, score, 1 - score, 0};
  }
  return outcome;
}

Outcome Indeterminate(double score) {
  Outcome outcome;
  outcome.kind = OutcomeKind::kAnalysed;
  outcome.classification = Classification{kIndeterminate, "INDETERMINATE", score, 0.75, 0.25, score, 1 - score, 0};
  return outcome;
}

class WorklistTest : public testing::Test {
 protected:
  void Record(const std::string& study, const Outcome& outcome, const std::string& instance = "") {
    ASSERT_TRUE(worklist_.Put(instance.empty() ? "i-" + study : instance, study, outcome).ok());
  }

  std::vector<std::string> Order(std::size_t limit = 100) {
    const absl::StatusOr<nlohmann::json> list = worklist_.Show(limit);
    EXPECT_TRUE(list.ok());
    std::vector<std::string> order;
    for (const nlohmann::json& entry : *list) order.push_back(entry.at("study"));
    return order;
  }

  FakeArchive archive_;
  Worklist worklist_{archive_, archive_, 5};
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

TEST_F(WorklistTest, PutsTheIndeterminateBetweenFailuresAndNegativesWhateverTheirScore) {
  Record("normal", Of(OutcomeKind::kAnalysed, 0.7));
  Record("unclear", Indeterminate(0.3));
  Record("less clear", Indeterminate(0.6));
  Record("failed", Of(OutcomeKind::kFailed));
  Record("suspected", Of(OutcomeKind::kAnalysed, 0.2, true));
  const nlohmann::json list = *worklist_.Show(10);
  EXPECT_THAT(Order(), ElementsAre("suspected", "failed", "less clear", "unclear", "normal"));
  EXPECT_EQ(list[2]["finding"], "INDETERMINATE");
  EXPECT_EQ(list[2]["conclusion"], "indeterminate");
  EXPECT_EQ(list[2]["positive"], false);
}

TEST_F(WorklistTest, PutsAStudyWhereItsMostUrgentInstanceStands) {
  Record("a", Of(OutcomeKind::kAnalysed, 0.6, true), "a1");
  Record("b", Of(OutcomeKind::kAnalysed, 0.1), "b1");
  Record("b", Of(OutcomeKind::kAnalysed, 0.8, true), "b2");
  Record("b", Of(OutcomeKind::kNotApplicable), "b3");
  const nlohmann::json list = *worklist_.Show(10);
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
  const nlohmann::json list = *worklist_.Show(10);
  EXPECT_TRUE(list[0]["score"].is_null());
  EXPECT_TRUE(list[0]["positive"].is_null());
}

TEST_F(WorklistTest, ShowsTheReasonsOfTheInstanceThatDecides) {
  Outcome blank = Of(OutcomeKind::kNotApplicable);
  blank.reasons = {{"NO_CONTRAST", "why"}};
  Outcome doubtful = Of(OutcomeKind::kAnalysedWithWarnings, 0.9, true);
  doubtful.reasons = {{"AGE_UNKNOWN", "why"}, {"UNLIKE_TRAINING_DATA", "why"}};
  Record("blank", blank);
  Record("doubtful", blank, "i-1");
  Record("doubtful", doubtful, "i-2");
  Record("plain", Of(OutcomeKind::kAnalysed, 0.1));
  const nlohmann::json list = *worklist_.Show(10);
  EXPECT_EQ(list[0]["reasons"], nlohmann::json({"AGE_UNKNOWN", "UNLIKE_TRAINING_DATA"}));
  EXPECT_EQ(list[1]["reasons"], nlohmann::json::array());
  EXPECT_EQ(list[2]["reasons"], nlohmann::json({"NO_CONTRAST"}));
}

TEST_F(WorklistTest, DropsDeletedStudies) {
  Record("a", Of(OutcomeKind::kAnalysed, 0.6, true));
  Record("b", Of(OutcomeKind::kAnalysed, 0.7, true));
  archive_.deleted_studies.insert("b");
  EXPECT_THAT(Order(), ElementsAre("a"));
}

TEST_F(WorklistTest, RemembersTheNewestStudies) {
  for (const char* study : {"a", "b", "c", "d", "e", "a", "f"}) Record(study, Of(OutcomeKind::kFailed));
  EXPECT_THAT(archive_.recent_studies, ElementsAre("c", "d", "e", "a", "f"));
}

TEST_F(WorklistTest, RecordsARepeatOnce) {
  Record("a", Of(OutcomeKind::kAnalysed, 0.6, true), "x");
  Record("a", Of(OutcomeKind::kAnalysed, 0.6, true), "x");
  EXPECT_EQ(archive_.summaries.at("a").Entries().size(), 1U);
  EXPECT_EQ(archive_.recent_studies.size(), 1U);
}

TEST_F(WorklistTest, CostsWhatItShowsAndNotWhatItHolds) {
  Worklist large(archive_, archive_, 5000);
  const auto reads_of = [&](int studies) {
    for (int i = 0; i < studies; ++i) {
      const std::string study = "study " + std::to_string(studies) + "/" + std::to_string(i);
      EXPECT_TRUE(large.Put("i" + study, study, Of(OutcomeKind::kAnalysed, 0.3)).ok());
    }
    const int before = archive_.summary_reads;
    EXPECT_EQ(large.Show(20)->size(), 20U);
    return archive_.summary_reads - before;
  };
  EXPECT_EQ(reads_of(50), 20);
  EXPECT_EQ(reads_of(2000), 20);
}

TEST_F(WorklistTest, IsReadFromTheArchiveAfterARestart) {
  Record("a", Of(OutcomeKind::kAnalysed, 0.6, true));
  Record("b", Of(OutcomeKind::kAnalysed, 0.7, true));
  Worklist again(archive_, archive_, 5);
  EXPECT_EQ((*again.Show(1))[0]["study"], "b");
  ASSERT_TRUE(again.Put("i-a", "a", Of(OutcomeKind::kAnalysed, 0.9, true)).ok());
  EXPECT_EQ((*again.Show(1))[0]["study"], "a");
}

TEST_F(WorklistTest, ShowsOfAFailedInstanceNothingButThat) {
  Outcome outcome = Of(OutcomeKind::kAnalysed, 0.9, true);
  Record("a", outcome, "x");
  outcome.kind = OutcomeKind::kFailed;
  Record("a", outcome, "x");
  const nlohmann::json entry = (*worklist_.Show(1))[0];
  EXPECT_EQ(entry["outcome"], "failed");
  EXPECT_TRUE(entry["finding"].is_null());
  EXPECT_EQ(archive_.summaries.at("a").ToJson().dump().find("BACTERIA"), std::string::npos);
}

TEST(StudySummary, SurvivesItsJsonForm) {
  StudySummary summary;
  summary.Put("a", Of(OutcomeKind::kAnalysed, 0.3));
  summary.Put("b", Of(OutcomeKind::kFailed));
  summary.Put("c", Indeterminate(0.5));
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
