// SPDX-License-Identifier: Apache-2.0
#include "service/rpc/convert.h"

#include <gtest/gtest.h>

#include "absl/strings/ascii.h"
#include "absl/strings/str_replace.h"
#include "service/base/failure.h"
#include "tests/support/fake_ports.h"

namespace cxr::test {
namespace {

v1::AnalyzeResponse Respond(AnalysisResult result, const Stopwatch& stopwatch = {}) {
  v1::AnalyzeResponse response;
  FillResponse(std::move(result), stopwatch, response);
  return response;
}

AnalysisResult Positive() {
  FakeTools fakes;
  Stopwatch stopwatch;
  return AnalyzeRadiograph("bytes", fakes.tools(), {}, kUsualKinds, stopwatch).value();
}

TEST(Convert, AResponseHoldsEveryPartOfTheResult) {
  Stopwatch stopwatch;
  stopwatch.Add({"queue", std::chrono::microseconds(5)});
  const v1::AnalyzeResponse response = Respond(Positive(), stopwatch);
  EXPECT_EQ(response.outcome(), v1::OUTCOME_ANALYSED);
  EXPECT_EQ(response.reasons_size(), 0);
  ASSERT_EQ(response.classification().probabilities_size(), 3);
  EXPECT_EQ(response.classification().probabilities(0).pattern(), v1::PATTERN_BACTERIA);
  EXPECT_EQ(response.classification().probabilities(1).pattern(), v1::PATTERN_NORMAL);
  EXPECT_EQ(response.classification().probabilities(2).pattern(), v1::PATTERN_VIRUS);
  EXPECT_DOUBLE_EQ(response.classification().probabilities(0).calibrated(), 0.7);
  EXPECT_DOUBLE_EQ(response.classification().probabilities(2).raw(), 0.2);
  EXPECT_NEAR(response.classification().pneumonia_score(), 0.9, 1e-12);
  EXPECT_TRUE(response.classification().decision().positive());
  EXPECT_EQ(response.classification().decision().conclusion(), v1::CONCLUSION_POSITIVE);
  EXPECT_EQ(response.classification().decision().finding(), v1::PATTERN_BACTERIA);
  EXPECT_DOUBLE_EQ(response.classification().decision().operating_point(), 0.5);
  EXPECT_EQ(response.model().name(), "fake");
  EXPECT_EQ(response.model().sha256(), std::string(64, 'a'));
  EXPECT_EQ(response.activation_map().rows(), 1U);
  EXPECT_EQ(response.activation_map().columns(), 2U);
  ASSERT_EQ(response.activation_map().values_size(), 2);
  EXPECT_FLOAT_EQ(response.activation_map().values(1), 1.0F);
  EXPECT_DOUBLE_EQ(response.activation_map().source_box().width(), 30);
  EXPECT_DOUBLE_EQ(response.activation_map().source_box().height(), 40);
  EXPECT_EQ(response.activation_map().pattern(), v1::PATTERN_BACTERIA);
  ASSERT_EQ(response.objects_size(), 2);
  EXPECT_EQ(response.objects(0).kind(), v1::OBJECT_KIND_SECONDARY_CAPTURE);
  EXPECT_EQ(response.objects(0).content(), "capture bytes");
  EXPECT_EQ(response.objects(1).kind(), v1::OBJECT_KIND_STRUCTURED_REPORT);
  EXPECT_EQ(response.objects(1).sop_instance_uid(), "2.25.3");
  EXPECT_EQ(response.objects(1).series_instance_uid(), "2.25.4");
  EXPECT_EQ(response.objects(1).sop_class_uid(), "1.2.840.10008.5.1.4.1.1.88.33");
  ASSERT_EQ(response.stages_size(), 1);
  EXPECT_EQ(response.stages(0).stage(), "queue");
  EXPECT_EQ(response.stages(0).microseconds(), 5U);
  EXPECT_EQ(response.source().study_instance_uid(), "1.2.3");
  EXPECT_EQ(response.source().series_instance_uid(), "1.2.3.4");
  EXPECT_EQ(response.source().sop_instance_uid(), "1.2.3.4.5");
}

TEST(Convert, NotApplicableHasReasonsAndNeitherClassNorMap) {
  AnalysisResult result = Positive();
  result.analysis.outcome = Outcome::kNotApplicable;
  result.analysis.classification.reset();
  const int codes = v1::ReasonCode_MAX;
  for (int code = 1; code <= codes; ++code) result.analysis.reasons.push_back({static_cast<ReasonCode>(code), "why"});
  const v1::AnalyzeResponse response = Respond(std::move(result));
  EXPECT_EQ(response.outcome(), v1::OUTCOME_NOT_APPLICABLE);
  EXPECT_FALSE(response.has_classification());
  EXPECT_FALSE(response.has_activation_map());
  ASSERT_EQ(response.reasons_size(), codes);
  for (int i = 0; i < codes; ++i) {
    const std::string expected = "REASON_CODE_" + std::string(ReasonCodeName(static_cast<ReasonCode>(i + 1)));
    EXPECT_EQ(v1::ReasonCode_Name(response.reasons(i).code()), expected);
  }
}

TEST(Convert, AHostileValueInAReasonDoesNotMakeTheResponseUnreadable) {
  AnalysisResult result = Positive();
  result.analysis.reasons = {
      {ReasonCode::kModalityNotSupported, "Modality is \xFF\xFE\n; this analysis reads CR and DX."}};
  const std::string wire = Respond(std::move(result)).SerializeAsString();
  v1::AnalyzeResponse read;
  ASSERT_TRUE(read.ParseFromString(wire));
  EXPECT_EQ(read.reasons(0).message(), "Modality is ???; this analysis reads CR and DX.");
}

TEST(Convert, ARequestThatNamesNoObjectsWantsWhatIsConfigured) {
  const absl::StatusOr<ObjectKinds> wanted = WantedOf(v1::AnalyzeRequest());
  ASSERT_TRUE(wanted.ok());
  EXPECT_TRUE(*wanted == ObjectKinds({ObjectKind::kSecondaryCapture, ObjectKind::kStructuredReport}))
      << "the others are off unless switched on";
  const absl::StatusOr<ObjectKinds> more = WantedOf(v1::AnalyzeRequest(), ObjectKinds::All());
  ASSERT_TRUE(more.ok());
  EXPECT_TRUE(*more == ObjectKinds::All());
}

TEST(Convert, ARequestGetsFurtherFormsThatAreNotConfigured) {
  v1::AnalyzeRequest request;
  request.add_produce(v1::OBJECT_KIND_PRESENTATION_STATE);
  request.add_produce(v1::OBJECT_KIND_PARAMETRIC_MAP);
  const absl::StatusOr<ObjectKinds> wanted = WantedOf(request);
  ASSERT_TRUE(wanted.ok()) << wanted.status();
  EXPECT_TRUE(*wanted == ObjectKinds({ObjectKind::kPresentationState, ObjectKind::kParametricMap}));
}

TEST(Convert, ARequestGetsTheObjectsItNames) {
  v1::AnalyzeRequest request;
  request.add_produce(v1::OBJECT_KIND_STRUCTURED_REPORT);
  request.add_produce(v1::OBJECT_KIND_STRUCTURED_REPORT);
  const absl::StatusOr<ObjectKinds> wanted = WantedOf(request);
  ASSERT_TRUE(wanted.ok());
  EXPECT_TRUE(*wanted == ObjectKinds{ObjectKind::kStructuredReport});
}

TEST(Convert, EveryFormHasTheNumberAndTheNameOfItsKindInTheContract) {
  EXPECT_EQ(static_cast<int>(ResultForms().size()), v1::ObjectKind_ARRAYSIZE - 1) << "all but OBJECT_KIND_UNSPECIFIED";
  for (const ResultForm& form : ResultForms()) {
    const std::string name = absl::AsciiStrToUpper(absl::StrReplaceAll(form.name, {{" ", "_"}}));
    EXPECT_EQ(v1::ObjectKind_Name(static_cast<int>(form.kind)), "OBJECT_KIND_" + name);
  }
}

TEST(Convert, AnUnknownKindIsAnInvalidRequest) {
  for (const int kind : {0, 5, 99, -1}) {
    v1::AnalyzeRequest request;
    request.add_produce(static_cast<v1::ObjectKind>(kind));
    EXPECT_EQ(FailureReasonOf(WantedOf(request).status()), FailureReason::kInvalidRequest) << kind;
  }
}

TEST(Convert, AnIndeterminateDecisionIsNeitherPositiveNorNegative) {
  AnalysisResult result = Positive();
  Classification& classification = *result.analysis.classification;
  classification.calibrated = {0.3, 0.4, 0.3};
  classification.pneumonia_score = 0.6;
  classification.decision = Decide(classification.calibrated, {0.4, 0.7});
  const v1::AnalyzeResponse response = Respond(std::move(result), Stopwatch());
  const v1::Decision& decision = response.classification().decision();
  EXPECT_EQ(decision.conclusion(), v1::CONCLUSION_INDETERMINATE);
  EXPECT_FALSE(decision.positive());
  EXPECT_EQ(decision.finding(), v1::PATTERN_BACTERIA) << "that of the map";
  EXPECT_DOUBLE_EQ(decision.operating_point(), 0.7);
  EXPECT_DOUBLE_EQ(decision.indeterminate_from(), 0.4);
}

TEST(Convert, AModelDescriptionSaysWhomItAppliesToAndWhereItDecides) {
  ModelInfo model = FakeModel();
  model.points = {0.25, 0.5};
  v1::DescribeModelResponse response;
  FillModelDescription(model, PopulationPolicy::kWarn, response);
  EXPECT_DOUBLE_EQ(response.indeterminate_from(), 0.25);
  EXPECT_EQ(response.model().version(), "1.0.0");
  EXPECT_DOUBLE_EQ(response.operating_point(), 0.5);
  EXPECT_DOUBLE_EQ(response.population().min_age_years(), 1);
  EXPECT_DOUBLE_EQ(response.population().max_age_years(), 5);
  EXPECT_EQ(response.population().description(), "Children of one to five years");
  EXPECT_FALSE(response.population_enforced());
  EXPECT_EQ(response.service_version(), CXR_VERSION);
}

}  // namespace
}  // namespace cxr::test
