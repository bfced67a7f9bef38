// SPDX-License-Identifier: Apache-2.0
#include "service/core/analyze_radiograph.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "service/core/failure.h"
#include "tests/support/fake_ports.h"

namespace cxr::test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class AnalyzeRadiographTest : public ::testing::Test {
 protected:
  absl::StatusOr<AnalysisResult> Analyze(WantedObjects wanted = {},
                                         PopulationPolicy policy = PopulationPolicy::kEnforce) {
    return AnalyzeRadiograph("bytes", fakes.tools(), {policy, "digest"}, wanted, stopwatch);
  }

  std::vector<std::string> Stages() const {
    std::vector<std::string> names;
    for (const StageTime& stage : stopwatch.stages()) names.push_back(stage.stage);
    return names;
  }

  FakeTools fakes;
  Stopwatch stopwatch;
};

TEST_F(AnalyzeRadiographTest, TellsTheWholeStoryOfAPositiveFilmInOrder) {
  const absl::StatusOr<AnalysisResult> result = Analyze();
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_THAT(fakes.behaviour.log.calls(), ElementsAre("read", "decode", "classify", "regions 40x30", "render",
                                                       "capture", "report of capture 2.25.1"));
  EXPECT_EQ(result->analysis.outcome, Outcome::kAnalysed);
  EXPECT_EQ(result->analysis.settings_digest, "digest");
  EXPECT_EQ(result->source.sop_instance_uid, "1.2.3.4.5");
  EXPECT_THAT(result->analysis.salient_regions, SizeIs(1));
  ASSERT_THAT(result->objects, SizeIs(2));
  EXPECT_EQ(result->objects[0].kind, ObjectKind::kSecondaryCapture);
  EXPECT_EQ(result->objects[1].kind, ObjectKind::kStructuredReport);
  EXPECT_THAT(Stages(), ElementsAre("parse", "decode", "features", "render", "capture", "report"));
}

TEST_F(AnalyzeRadiographTest, ANormalFilmHasNoRegions) {
  fakes.behaviour.probabilities = {0.2, 0.7, 0.1};
  const absl::StatusOr<AnalysisResult> result = Analyze();
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_THAT(result->analysis.salient_regions, IsEmpty());
  EXPECT_THAT(fakes.behaviour.log.calls(),
              ElementsAre("read", "decode", "classify", "render", "capture", "report of capture 2.25.1"));
}

TEST_F(AnalyzeRadiographTest, WhatIsNotApplicableIsNeitherDecodedNorClassified) {
  fakes.behaviour.facts.modality = "CT";
  const absl::StatusOr<AnalysisResult> result = Analyze();
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->analysis.outcome, Outcome::kNotApplicable);
  EXPECT_FALSE(result->analysis.classification.has_value());
  EXPECT_THAT(fakes.behaviour.log.calls(), ElementsAre("read", "report"));
  ASSERT_THAT(result->objects, SizeIs(1));
  EXPECT_EQ(result->objects[0].kind, ObjectKind::kStructuredReport);
  EXPECT_EQ(result->analysis.model.identity.name, "fake") << "the model that would have decided is named";
}

TEST_F(AnalyzeRadiographTest, PolicyDecidesWhetherAnAdultIsAnalysed) {
  fakes.behaviour.facts.age_years = 62;
  EXPECT_EQ(Analyze({}, PopulationPolicy::kEnforce)->analysis.outcome, Outcome::kNotApplicable);
  EXPECT_EQ(Analyze({}, PopulationPolicy::kWarn)->analysis.outcome, Outcome::kAnalysedWithWarnings);
}

TEST_F(AnalyzeRadiographTest, WritesOnlyWhatIsWanted) {
  ASSERT_THAT(Analyze({true, false})->objects, SizeIs(1));
  EXPECT_EQ(fakes.behaviour.log.calls().back(), "capture");
  ASSERT_THAT(Analyze({false, true})->objects, SizeIs(1));
  EXPECT_EQ(fakes.behaviour.log.calls().back(), "report") << "a report refers to no capture that was not written";
  EXPECT_THAT(Analyze({false, false})->objects, IsEmpty());
  EXPECT_EQ(fakes.behaviour.log.calls().back(), "regions 40x30");
}

TEST_F(AnalyzeRadiographTest, WritesFurtherFormsWhenAskedTo) {
  const absl::StatusOr<AnalysisResult> result = Analyze({true, true, true, true});
  ASSERT_TRUE(result.ok()) << result.status();
  ASSERT_THAT(result->objects, SizeIs(4));
  EXPECT_EQ(result->objects[2].kind, ObjectKind::kPresentationState);
  EXPECT_EQ(result->objects[3].kind, ObjectKind::kParametricMap);
  EXPECT_THAT(Stages(),
              ElementsAre("parse", "decode", "features", "render", "capture", "report", "presentation", "map"));
}

TEST_F(AnalyzeRadiographTest, WritesTheMapOfANormalFilmOnlyWhenAskedTo) {
  fakes.behaviour.probabilities = {0.2, 0.7, 0.1};
  EXPECT_THAT(Analyze({false, false, true, true})->objects, SizeIs(1));
  AnalysisSettings settings{PopulationPolicy::kEnforce, "digest"};
  settings.map_of_normal = true;
  const absl::StatusOr<AnalysisResult> asked =
      AnalyzeRadiograph("bytes", fakes.tools(), settings, {false, false, true, true}, stopwatch);
  ASSERT_TRUE(asked.ok()) << asked.status();
  EXPECT_THAT(asked->objects, SizeIs(2));
  EXPECT_THAT(asked->analysis.salient_regions, IsEmpty());
}

TEST_F(AnalyzeRadiographTest, AFilmThatWasNotAnalysedHasItsReportAlone) {
  fakes.behaviour.facts.modality = "CT";
  const absl::StatusOr<AnalysisResult> result = Analyze({true, true, true, true});
  ASSERT_TRUE(result.ok()) << result.status();
  ASSERT_THAT(result->objects, SizeIs(1));
  EXPECT_EQ(result->objects[0].kind, ObjectKind::kStructuredReport);
}

struct Step {
  const char* name;
  absl::Status FakeBehaviour::*failure;
};

class AnyStep : public AnalyzeRadiographTest, public ::testing::WithParamInterface<Step> {};

TEST_P(AnyStep, ThatFailsMakesTheWholeAnalysisFailWithItsReason) {
  fakes.behaviour.*(GetParam().failure) = Failure(FailureReason::kUndecodablePixelData, "The third step broke.");
  const absl::StatusOr<AnalysisResult> result = Analyze({true, true, true, true});
  ASSERT_FALSE(result.ok()) << "a failure never looks like a result";
  EXPECT_EQ(FailureReasonOf(result.status()), FailureReason::kUndecodablePixelData);
  EXPECT_EQ(result.status().message(), "The third step broke.");
}

INSTANTIATE_TEST_SUITE_P(
    Steps, AnyStep,
    ::testing::Values(Step{"read", &FakeBehaviour::read}, Step{"decode", &FakeBehaviour::decode},
                      Step{"classify", &FakeBehaviour::classify}, Step{"regions", &FakeBehaviour::regions},
                      Step{"render", &FakeBehaviour::render}, Step{"capture", &FakeBehaviour::capture},
                      Step{"report", &FakeBehaviour::report}, Step{"presentation", &FakeBehaviour::presentation_state},
                      Step{"map", &FakeBehaviour::parametric_map}),
    [](const auto& step) { return std::string(step.param.name); });

}  // namespace
}  // namespace cxr::test
