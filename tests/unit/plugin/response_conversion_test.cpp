// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/rpc/response_conversion.h"

#include <gtest/gtest.h>

#include <limits>

#include "plugin/core/service_error.h"

namespace cxr::plugin {
namespace {

using cxr::v1::AnalyzeResponse;

AnalyzeResponse Valid() {
  AnalyzeResponse response;
  response.set_outcome(cxr::v1::OUTCOME_ANALYSED);
  auto* classification = response.mutable_classification();
  const auto add = [&](cxr::v1::Pattern pattern, double value) {
    auto* probability = classification->add_probabilities();
    probability->set_pattern(pattern);
    probability->set_calibrated(value);
  };
  add(cxr::v1::PATTERN_BACTERIA, 0.5);
  add(cxr::v1::PATTERN_NORMAL, 0.25);
  add(cxr::v1::PATTERN_VIRUS, 0.25);
  classification->set_pneumonia_score(0.75);
  classification->mutable_decision()->set_positive(true);
  classification->mutable_decision()->set_finding(cxr::v1::PATTERN_BACTERIA);
  classification->mutable_decision()->set_operating_point(0.5);
  classification->mutable_decision()->set_conclusion(cxr::v1::CONCLUSION_POSITIVE);
  classification->mutable_decision()->set_indeterminate_from(0.25);
  auto* object = response.add_objects();
  object->set_kind(cxr::v1::OBJECT_KIND_STRUCTURED_REPORT);
  object->set_content("bytes");
  return response;
}

void ExpectDistrusted(const AnalyzeResponse& response) {
  const absl::StatusOr<AnalysisResult> result = FromProto(response);
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(ReasonOf(result.status()), "INVALID_RESPONSE");
  EXPECT_EQ(ClassifyServiceError(result.status()), FailureKind::kTransient);
}

TEST(ResponseConversion, TakesAnAnswerApart) {
  const absl::StatusOr<AnalysisResult> result = FromProto(Valid());
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->kind, OutcomeKind::kAnalysed);
  EXPECT_EQ(result->classification->finding, "BACTERIA");
  EXPECT_EQ(result->classification->conclusion, kPositive);
  EXPECT_EQ(result->classification->operating_point, 0.5);
  EXPECT_EQ(result->classification->indeterminate_from, 0.25);
  EXPECT_EQ(result->classification->p_virus, 0.25);
  EXPECT_EQ(result->objects.at(0).kind, "structured report");
  EXPECT_EQ(result->objects.at(0).content, "bytes");
}

/// The decision of the valid answer, whose score is 0.75, with other points and another conclusion.
AnalyzeResponse Decided(cxr::v1::Conclusion conclusion, cxr::v1::Pattern finding, double indeterminate_from,
                        double operating_point) {
  AnalyzeResponse response = Valid();
  auto* decision = response.mutable_classification()->mutable_decision();
  decision->set_conclusion(conclusion);
  decision->set_positive(conclusion == cxr::v1::CONCLUSION_POSITIVE);
  decision->set_finding(finding);
  decision->set_indeterminate_from(indeterminate_from);
  decision->set_operating_point(operating_point);
  return response;
}

TEST(ResponseConversion, TakesAnIndeterminateDecisionForNeitherPositiveNorNegative) {
  const absl::StatusOr<AnalysisResult> result =
      FromProto(Decided(cxr::v1::CONCLUSION_INDETERMINATE, cxr::v1::PATTERN_BACTERIA, 0.7, 0.8));
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->classification->finding, "INDETERMINATE");
  EXPECT_EQ(result->classification->conclusion, kIndeterminate);
  EXPECT_EQ(result->classification->indeterminate_from, 0.7);
  EXPECT_EQ(result->classification->operating_point, 0.8);
}

TEST(ResponseConversion, TakesADecisionBelowBothPointsForNegative) {
  const absl::StatusOr<AnalysisResult> result =
      FromProto(Decided(cxr::v1::CONCLUSION_NEGATIVE, cxr::v1::PATTERN_NORMAL, 0.8, 0.9));
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->classification->finding, "NORMAL");
  EXPECT_EQ(result->classification->conclusion, kNegative);
}

TEST(ResponseConversion, DistrustsAConclusionThatFindingOrScoreContradict) {
  using cxr::v1::CONCLUSION_INDETERMINATE;
  using cxr::v1::CONCLUSION_NEGATIVE;
  using cxr::v1::CONCLUSION_POSITIVE;
  using cxr::v1::PATTERN_NORMAL;
  using cxr::v1::PATTERN_VIRUS;
  ExpectDistrusted(Decided(CONCLUSION_INDETERMINATE, PATTERN_NORMAL, 0.7, 0.8));  // a finding of a negative
  ExpectDistrusted(Decided(CONCLUSION_INDETERMINATE, PATTERN_VIRUS, 0.2, 0.7));   // the score reaches the upper point
  ExpectDistrusted(Decided(CONCLUSION_NEGATIVE, PATTERN_NORMAL, 0.7, 0.8));       // the score reaches the lower point
  ExpectDistrusted(Decided(CONCLUSION_NEGATIVE, PATTERN_VIRUS, 0.8, 0.9));        // a finding of a positive
  ExpectDistrusted(Decided(CONCLUSION_POSITIVE, PATTERN_NORMAL, 0.2, 0.7));       // a finding of a negative
  ExpectDistrusted(Decided(CONCLUSION_POSITIVE, PATTERN_VIRUS, 0.7, 0.8));        // the score is below the upper point
  ExpectDistrusted(Decided(cxr::v1::CONCLUSION_UNSPECIFIED, PATTERN_VIRUS, 0.7, 0.8));
  AnalyzeResponse response = Decided(CONCLUSION_INDETERMINATE, PATTERN_VIRUS, 0.7, 0.8);
  response.mutable_classification()->mutable_decision()->set_positive(true);
  ExpectDistrusted(response);
}

TEST(ResponseConversion, KeepsTheReasonsOfWhatIsNotApplicable) {
  AnalyzeResponse response;
  response.set_outcome(cxr::v1::OUTCOME_NOT_APPLICABLE);
  response.add_reasons()->set_code(cxr::v1::REASON_CODE_AGE_OUTSIDE_POPULATION);
  const absl::StatusOr<AnalysisResult> result = FromProto(response);
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(result->reasons.at(0).code, "AGE_OUTSIDE_POPULATION");
  EXPECT_FALSE(result->classification.has_value());
}

TEST(ResponseConversion, KeepsEveryObjectWhateverItsForm) {
  AnalyzeResponse response = Valid();
  response.clear_objects();
  for (const int kind : {1, 2, 3, 4, 77}) {
    cxr::v1::DicomObject* object = response.add_objects();
    object->set_kind(static_cast<cxr::v1::ObjectKind>(kind));
    object->set_content("content " + std::to_string(kind));
  }
  const absl::StatusOr<AnalysisResult> result = FromProto(response);
  ASSERT_TRUE(result.ok()) << result.status();
  std::vector<std::string> kinds;
  for (const ProducedObject& object : result->objects) kinds.push_back(object.kind);
  EXPECT_EQ(kinds, (std::vector<std::string>{"secondary capture", "structured report", "presentation state",
                                             "parametric map", "other"}));
  EXPECT_EQ(result->objects[4].content, "content 77") << "what is newer than the plugin is stored too";
}

TEST(ResponseConversion, TakesNoBrokenAnswerForANegative) {
  ExpectDistrusted(AnalyzeResponse());
  AnalyzeResponse response = Valid();
  response.clear_classification();
  ExpectDistrusted(response);
  response = Valid();
  response.set_outcome(cxr::v1::OUTCOME_NOT_APPLICABLE);
  ExpectDistrusted(response);
  response = Valid();
  response.mutable_classification()->clear_decision();
  ExpectDistrusted(response);
  response = Valid();
  response.mutable_classification()->clear_probabilities();
  ExpectDistrusted(response);
  response = Valid();
  response.mutable_classification()->set_pneumonia_score(std::numeric_limits<double>::quiet_NaN());
  ExpectDistrusted(response);
  response = Valid();
  response.mutable_classification()->mutable_decision()->set_positive(false);
  ExpectDistrusted(response);
  response = Valid();
  response.mutable_classification()->mutable_decision()->set_finding(cxr::v1::PATTERN_NORMAL);
  ExpectDistrusted(response);
}

}  // namespace
}  // namespace cxr::plugin
