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
  EXPECT_EQ(result->classification->p_virus, 0.25);
  EXPECT_EQ(result->objects.at(0).kind, "structured report");
  EXPECT_EQ(result->objects.at(0).content, "bytes");
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
