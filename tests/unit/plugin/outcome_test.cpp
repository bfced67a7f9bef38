// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/core/outcome.h"

#include <gtest/gtest.h>

#include "nlohmann/json.hpp"

namespace cxr::plugin {
namespace {

Outcome Analysed() {
  Outcome outcome;
  outcome.kind = OutcomeKind::kAnalysedWithWarnings;
  outcome.reasons = {{"AGE_UNKNOWN", "The age is not known."}};
  outcome.classification = Classification{kPositive, "VIRUS", 0.75, 0.5, 0.4, 0.25, 0.25, 0.5};
  outcome.model = ModelIdentity{"name", "1.2.3", "abc"};
  outcome.objects = {{"structured report", "1.2", "1.3", "id"}};
  outcome.settled_at = absl::FromUnixSeconds(1'700'000'000);
  return outcome;
}

TEST(Outcome, SurvivesItsJsonForm) {
  const absl::StatusOr<Outcome> outcome = OutcomeFromJson(OutcomeToJson(Analysed()).dump());
  ASSERT_TRUE(outcome.ok()) << outcome.status();
  EXPECT_EQ(OutcomeToJson(*outcome), OutcomeToJson(Analysed()));
  EXPECT_EQ(outcome->settled_at, Analysed().settled_at);
}

TEST(Outcome, OfAnIndeterminateDecisionStaysOne) {
  Outcome outcome = Analysed();
  outcome.classification = Classification{kIndeterminate, "INDETERMINATE", 0.5, 0.75, 0.25, 0.25, 0.5, 0.25};
  const nlohmann::json document = OutcomeToJson(outcome);
  EXPECT_EQ(document["finding"], "INDETERMINATE");
  EXPECT_EQ(document["conclusion"], "indeterminate");
  EXPECT_EQ(document["positive"], false);
  EXPECT_EQ(document["operating_point"], 0.75);
  EXPECT_EQ(document["indeterminate_from"], 0.25);
  const absl::StatusOr<Outcome> read = OutcomeFromJson(document.dump());
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->classification->conclusion, kIndeterminate);
  EXPECT_EQ(OutcomeToJson(*read), document);
}

TEST(Outcome, OfAFailureHasNoClassAndNoScore) {
  Outcome outcome;
  outcome.kind = OutcomeKind::kFailed;
  outcome.reasons = {{"TRUNCATED", "The file ends early."}};
  const nlohmann::json document = OutcomeToJson(outcome);
  EXPECT_EQ(document["outcome"], "failed");
  for (const char* key : {"finding", "positive", "conclusion", "score", "operating_point", "indeterminate_from",
                          "probabilities", "model"}) {
    EXPECT_TRUE(document.at(key).is_null()) << key;
  }
  EXPECT_TRUE(OutcomeFromJson(document.dump()).ok());
}

TEST(Outcome, OfAFailureShowsNoClassEvenIfOneIsLeftInIt) {
  Outcome outcome = Analysed();
  outcome.kind = OutcomeKind::kFailed;
  EXPECT_TRUE(OutcomeToJson(outcome).at("finding").is_null());
}

TEST(Outcome, OfVersion010IsRead) {
  nlohmann::json document = OutcomeToJson(Analysed());
  document.erase("source");
  const absl::StatusOr<Outcome> outcome = OutcomeFromJson(document.dump());
  ASSERT_TRUE(outcome.ok());
  EXPECT_EQ(outcome->source.storage_id, "");
}

TEST(Outcome, OfVersion010IsNegativeWhereItIsNotPositive) {
  for (const bool positive : {true, false}) {
    nlohmann::json document = OutcomeToJson(Analysed());
    document.erase("conclusion");
    document.erase("indeterminate_from");
    document["positive"] = positive;
    const absl::StatusOr<Outcome> outcome = OutcomeFromJson(document.dump());
    ASSERT_TRUE(outcome.ok()) << outcome.status();
    EXPECT_EQ(outcome->classification->conclusion, positive ? kPositive : kNegative);
    EXPECT_EQ(outcome->classification->indeterminate_from, outcome->classification->operating_point);
  }
}

TEST(Outcome, IsNotReadFromSomethingElse) {
  for (const char* text : {"", "[]", "{}", "null", "{\"outcome\": \"fine\"}", "{\"outcome\": 3}"}) {
    EXPECT_TRUE(absl::IsInvalidArgument(OutcomeFromJson(text).status())) << text;
  }
}

}  // namespace
}  // namespace cxr::plugin
