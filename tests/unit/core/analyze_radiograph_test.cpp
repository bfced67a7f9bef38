// SPDX-License-Identifier: Apache-2.0
#include "service/core/analyze_radiograph.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "service/base/failure.h"
#include "tests/support/fake_ports.h"

namespace cxr::test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class AnalyzeRadiographTest : public ::testing::Test {
 protected:
  absl::StatusOr<AnalysisResult> Analyze(ObjectKinds wanted = kUsualKinds,
                                         PopulationPolicy policy = PopulationPolicy::kEnforce) {
    return AnalyzeRadiograph("bytes", fakes.tools(), {policy}, wanted, stopwatch);
  }

  absl::StatusOr<AnalysisResult> AnalyzeUnlike(UnlikePolicy policy) {
    AnalysisSettings settings;
    settings.unlike = policy;
    return AnalyzeRadiograph("bytes", fakes.tools(), settings, kUsualKinds, stopwatch);
  }

  static std::vector<ReasonCode> Codes(const AnalysisResult& result) {
    std::vector<ReasonCode> codes;
    for (const Reason& reason : result.analysis.reasons) codes.push_back(reason.code);
    return codes;
  }

  std::vector<std::string> Stages() const {
    std::vector<std::string> names;
    for (const StageTime& stage : stopwatch.stages()) names.push_back(stage.stage);
    return names;
  }

  FakeTools fakes;
  Stopwatch stopwatch;
};

TEST_F(AnalyzeRadiographTest, TellsTheWholeStoryOfAPositiveRadiographInOrder) {
  const absl::StatusOr<AnalysisResult> result = Analyze();
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_THAT(fakes.behaviour.log.calls(), ElementsAre("read", "decode", "classify", "regions 40x30", "render with map",
                                                       "capture of an image", "report beside capture 2.25.1"));
  EXPECT_EQ(result->analysis.outcome, Outcome::kAnalysed);
  EXPECT_EQ(result->source.sop_instance_uid, "1.2.3.4.5");
  EXPECT_THAT(result->analysis.salient_regions, SizeIs(1));
  ASSERT_THAT(result->objects, SizeIs(2));
  EXPECT_EQ(result->objects[0].kind, ObjectKind::kSecondaryCapture);
  EXPECT_EQ(result->objects[1].kind, ObjectKind::kStructuredReport);
  EXPECT_THAT(Stages(), ElementsAre("parse", "decode", "features", "render", "capture", "report"));
}

TEST_F(AnalyzeRadiographTest, ANormalRadiographHasNoRegions) {
  fakes.behaviour.probabilities = {0.2, 0.7, 0.1};
  const absl::StatusOr<AnalysisResult> result = Analyze();
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_THAT(result->analysis.salient_regions, IsEmpty());
  EXPECT_THAT(fakes.behaviour.log.calls(), ElementsAre("read", "decode", "classify", "render", "capture of an image",
                                                       "report beside capture 2.25.1"));
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
  EXPECT_EQ(Analyze(kUsualKinds, PopulationPolicy::kEnforce)->analysis.outcome, Outcome::kNotApplicable);
  EXPECT_EQ(Analyze(kUsualKinds, PopulationPolicy::kWarn)->analysis.outcome, Outcome::kAnalysedWithWarnings);
}

TEST_F(AnalyzeRadiographTest, AnImageThatShowsNothingIsNotClassifiedUnderAnyPolicy) {
  fakes.behaviour.blank = true;
  for (const UnlikePolicy policy : {UnlikePolicy::kEnforce, UnlikePolicy::kWarn, UnlikePolicy::kOff}) {
    const absl::StatusOr<AnalysisResult> result = AnalyzeUnlike(policy);
    ASSERT_TRUE(result.ok()) << result.status();
    EXPECT_EQ(result->analysis.outcome, Outcome::kNotApplicable);
    EXPECT_THAT(Codes(*result), ElementsAre(ReasonCode::kNoContrast));
    EXPECT_FALSE(result->analysis.classification.has_value());
    ASSERT_THAT(result->objects, SizeIs(1));
    EXPECT_EQ(result->objects[0].kind, ObjectKind::kStructuredReport);
  }
  EXPECT_THAT(fakes.behaviour.log.calls(),
              ElementsAre("read", "decode", "report", "read", "decode", "report", "read", "decode", "report"));
}

TEST_F(AnalyzeRadiographTest, AnImageUnlikeTheTrainingDataHasNoFindingOnlyAScore) {
  fakes.behaviour.ood_score = 1.6;
  const absl::StatusOr<AnalysisResult> result = AnalyzeUnlike(UnlikePolicy::kEnforce);
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->analysis.outcome, Outcome::kNotApplicable);
  EXPECT_THAT(Codes(*result), ElementsAre(ReasonCode::kUnlikeTrainingData));
  EXPECT_FALSE(result->analysis.classification.has_value());
  EXPECT_THAT(result->analysis.salient_regions, IsEmpty());
  EXPECT_EQ(result->analysis.ood_score, 1.6);
  EXPECT_THAT(fakes.behaviour.log.calls(), ElementsAre("read", "decode", "classify", "report"));
}

TEST_F(AnalyzeRadiographTest, TheUnlikePolicyTurnsRefusalIntoAWarningOrNothing) {
  fakes.behaviour.ood_score = 1.6;
  fakes.behaviour.facts.age_years.reset();
  const absl::StatusOr<AnalysisResult> warned = AnalyzeUnlike(UnlikePolicy::kWarn);
  ASSERT_TRUE(warned.ok()) << warned.status();
  EXPECT_EQ(warned->analysis.outcome, Outcome::kAnalysedWithWarnings);
  EXPECT_THAT(Codes(*warned), ElementsAre(ReasonCode::kAgeUnknown, ReasonCode::kUnlikeTrainingData));
  EXPECT_TRUE(warned->analysis.classification.has_value());
  const absl::StatusOr<AnalysisResult> off = AnalyzeUnlike(UnlikePolicy::kOff);
  ASSERT_TRUE(off.ok()) << off.status();
  EXPECT_THAT(Codes(*off), ElementsAre(ReasonCode::kAgeUnknown));
  EXPECT_EQ(off->analysis.ood_score, 1.6) << "the score is told all the same";
}

TEST_F(AnalyzeRadiographTest, WritesOnlyWhatIsWanted) {
  ASSERT_THAT(Analyze({ObjectKind::kSecondaryCapture})->objects, SizeIs(1));
  EXPECT_EQ(fakes.behaviour.log.calls().back(), "capture of an image");
  ASSERT_THAT(Analyze({ObjectKind::kStructuredReport})->objects, SizeIs(1));
  EXPECT_EQ(fakes.behaviour.log.calls().back(), "report") << "a report refers to no capture that was not written";
  EXPECT_THAT(Analyze({})->objects, IsEmpty());
  EXPECT_EQ(fakes.behaviour.log.calls().back(), "regions 40x30");
}

TEST_F(AnalyzeRadiographTest, WritesFurtherFormsWhenAskedTo) {
  const absl::StatusOr<AnalysisResult> result = Analyze(ObjectKinds::All());
  ASSERT_TRUE(result.ok()) << result.status();
  ASSERT_THAT(result->objects, SizeIs(4));
  EXPECT_EQ(result->objects[2].kind, ObjectKind::kPresentationState);
  EXPECT_EQ(result->objects[3].kind, ObjectKind::kParametricMap);
  EXPECT_THAT(Stages(),
              ElementsAre("parse", "decode", "features", "render", "capture", "report", "presentation", "map"));
}

TEST_F(AnalyzeRadiographTest, WritesTheMapOfANormalRadiographOnlyWhenAskedTo) {
  constexpr ObjectKinds kFurther{ObjectKind::kPresentationState, ObjectKind::kParametricMap};
  fakes.behaviour.probabilities = {0.2, 0.7, 0.1};
  EXPECT_THAT(Analyze(kFurther)->objects, SizeIs(1));
  AnalysisSettings settings;
  settings.map_of_normal = true;
  const absl::StatusOr<AnalysisResult> asked = AnalyzeRadiograph("bytes", fakes.tools(), settings, kFurther, stopwatch);
  ASSERT_TRUE(asked.ok()) << asked.status();
  EXPECT_THAT(asked->objects, SizeIs(2));
  EXPECT_THAT(asked->analysis.salient_regions, IsEmpty());
}

TEST_F(AnalyzeRadiographTest, ARadiographThatWasNotAnalysedHasItsReportAlone) {
  fakes.behaviour.facts.modality = "CT";
  const absl::StatusOr<AnalysisResult> result = Analyze(ObjectKinds::All());
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
  const absl::StatusOr<AnalysisResult> result = Analyze(ObjectKinds::All());
  ASSERT_FALSE(result.ok()) << "a failure never looks like a result";
  EXPECT_EQ(FailureReasonOf(result.status()), FailureReason::kUndecodablePixelData);
  EXPECT_EQ(result.status().message(), "The third step broke.");
}

INSTANTIATE_TEST_SUITE_P(Steps, AnyStep,
                         ::testing::Values(Step{"read", &FakeBehaviour::read}, Step{"decode", &FakeBehaviour::decode},
                                           Step{"classify", &FakeBehaviour::classify},
                                           Step{"regions", &FakeBehaviour::regions},
                                           Step{"render", &FakeBehaviour::render}),
                         [](const auto& step) { return std::string(step.param.name); });

TEST_F(AnalyzeRadiographTest, AFormThatCannotBeWrittenMakesTheWholeAnalysisFail) {
  for (const ResultForm& form : ResultForms()) {
    fakes.behaviour.write = {{form.kind, Failure(FailureReason::kInternal, form.name)}};
    const absl::StatusOr<AnalysisResult> result = Analyze(ObjectKinds::All());
    ASSERT_FALSE(result.ok()) << form.name;
    EXPECT_EQ(result.status().message(), form.name);
  }
}

}  // namespace
}  // namespace cxr::test
