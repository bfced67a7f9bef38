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

TEST(Outcome, IsNotReadFromSomethingElse) {
  for (const char* text : {"", "[]", "{}", "null", "{\"outcome\": \"fine\"}", "{\"outcome\": 3}"}) {
    EXPECT_TRUE(absl::IsInvalidArgument(OutcomeFromJson(text).status())) << text;
  }
}

}  // namespace
}  // namespace cxr::plugin
