// SPDX-License-Identifier: Apache-2.0
#include "service/core/result_words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace cxr {
namespace {

Analysis Viral() {
  Analysis analysis;
  analysis.outcome = Outcome::kAnalysed;
  analysis.model.identity = {"cxr-test", "1.2.3", ""};
  Classification classification;
  classification.calibrated = {0.2, 0.1255, 0.6745};
  classification.pneumonia_score = 0.8744;
  classification.decision = {Conclusion::kPositive, Pattern::kVirus, {0.41, 0.41}};
  analysis.classification = classification;
  return analysis;
}

TEST(Caption, NamesFindingProbabilityScoreModelAndPurpose) {
  const Caption caption = CaptionOf(Viral(), MapDisplay::kShown, "");
  EXPECT_EQ(caption.conclusion, Conclusion::kPositive);
  EXPECT_THAT(caption.headings, testing::ElementsAre("Pattern suggestive of viral pneumonia"));
  EXPECT_THAT(caption.numbers,
              testing::ElementsAre("Probability 67.44 %", "Pneumonia score 87.44 %, positive from 41.00 %"));
  EXPECT_THAT(caption.bottom,
              testing::ElementsAre("Model cxr-test 1.2.3", "For research use only; not for diagnosis."));
  EXPECT_EQ(caption.legend, "Activation");
}

TEST(Caption, NamesTheDateBesideTheModel) {
  EXPECT_EQ(CaptionOf(Viral(), MapDisplay::kShown, "2026-02-28").bottom.front(),
            "Model cxr-test 1.2.3, analysed 2026-02-28");
}

TEST(Caption, NeverRoundsAScoreOverTheOperatingPoint) {
  Analysis analysis = Viral();
  analysis.classification->pneumonia_score = 0.49996;
  analysis.classification->decision = {Conclusion::kNegative, Pattern::kNormal, {0.5, 0.5}};
  EXPECT_EQ(CaptionOf(analysis, MapDisplay::kShown, "").numbers[1], "Pneumonia score 49.99 %, positive from 50.00 %");
  analysis.classification->pneumonia_score = 0.5;
  analysis.classification->decision = {Conclusion::kPositive, Pattern::kVirus, {0.5, 0.5}};
  EXPECT_EQ(CaptionOf(analysis, MapDisplay::kShown, "").numbers[1], "Pneumonia score 50.00 %, positive from 50.00 %");
}

TEST(Caption, OfANormalRadiographWithItsMapSaysWhatTheColoursMean) {
  Analysis analysis = Viral();
  analysis.classification->decision = {Conclusion::kNegative, Pattern::kNormal, {0.9, 0.9}};
  EXPECT_EQ(CaptionOf(analysis, MapDisplay::kShown, "").legend, "Activation for normal");
}

TEST(Caption, HasNoLegendWhereNothingIsColoured) {
  Analysis analysis = Viral();
  analysis.classification->decision = {Conclusion::kNegative, Pattern::kNormal, {0.9, 0.9}};
  const Caption caption = CaptionOf(analysis, MapDisplay::kHidden, "");
  EXPECT_EQ(caption.headings[0], "No pattern of pneumonia found");
  EXPECT_EQ(caption.numbers[0], "Probability 12.56 %");
  EXPECT_EQ(caption.legend, "");
}

Analysis Indeterminate() {
  Analysis analysis = Viral();
  analysis.classification->calibrated = {0.2, 0.4, 0.4};
  analysis.classification->pneumonia_score = 0.6;
  analysis.classification->decision = {Conclusion::kIndeterminate, Pattern::kVirus, {0.4, 0.7}};
  return analysis;
}

TEST(Caption, OfAnIndeterminateDecisionNamesNoPatternAndAllProbabilities) {
  const Caption caption = CaptionOf(Indeterminate(), MapDisplay::kShown, "");
  EXPECT_EQ(caption.conclusion, Conclusion::kIndeterminate);
  EXPECT_THAT(caption.headings, testing::ElementsAre("Indeterminate: pneumonia neither found nor excluded"));
  EXPECT_THAT(caption.numbers,
              testing::ElementsAre("Bacterial 20.00 %, viral 40.00 %, normal 40.00 %",
                                   "Pneumonia score 60.00 %, positive from 70.00 %, negative below 40.00 %"));
}

TEST(Caption, NamesEveryWarningWhereTheFindingStands) {
  Analysis analysis = Viral();
  analysis.outcome = Outcome::kAnalysedWithWarnings;
  analysis.reasons = {{ReasonCode::kAgeUnknown, "long sentence"}, {ReasonCode::kForProcessing, "long sentence"}};
  EXPECT_EQ(CaptionOf(analysis, MapDisplay::kShown, "").headings.back(),
            "CAUTION: Age is not known; Image is meant for processing");
}

TEST(Caption, IsPrintableWhateverTheModelIsCalled) {
  Analysis analysis = Viral();
  analysis.model.identity = {
      "m\xC3\xB6"
      "del\n" +
          std::string(1000, 'x'),
      "\x01", ""};
  for (const std::string& line : CaptionOf(analysis, MapDisplay::kShown, "").bottom) {
    EXPECT_LT(line.size(), 140U);
    EXPECT_TRUE(std::all_of(line.begin(), line.end(), [](char c) { return c >= ' ' && c <= '~'; })) << line;
  }
}

TEST(ReportSummary, OpensWithTheFindingAndItsPurpose) {
  EXPECT_EQ(ReportSummary(Viral()),
            "Pattern suggestive of viral pneumonia. For research use only; not for diagnosis. Pneumonia score 87.44 %, "
            "positive from 41.00 %: positive. An image cannot prove the cause of a pneumonia.");
  EXPECT_EQ(ReportSummary(Indeterminate()),
            "Indeterminate: pneumonia neither found nor excluded. For research use only; not for diagnosis. Pneumonia "
            "score 60.00 %, positive from 70.00 %, negative below 40.00 %: indeterminate.");
}

TEST(ReportSummary, SaysWhyALowScoreIsNotNegative) {
  Analysis analysis = Indeterminate();
  analysis.classification->decision = Decide({0.55, 0.45, 0}, {0.6, 0.7});
  analysis.classification->calibrated = {0.55, 0.45, 0};
  analysis.classification->pneumonia_score = 0.55;
  EXPECT_THAT(ReportSummary(analysis), testing::HasSubstr("indeterminate. It is not negative because normal is not"));
}

TEST(ReportSummary, NamesCautionsBehindThePurposeAndReasonsWithoutFinding) {
  Analysis analysis = Viral();
  analysis.reasons = {{ReasonCode::kAgeUnknown, "The age is not known."}};
  EXPECT_THAT(ReportSummary(analysis), testing::HasSubstr("not for diagnosis. CAUTION: The age is not known. Pneum"));
  analysis.classification.reset();
  EXPECT_EQ(ReportSummary(analysis),
            "Not applicable: the radiograph was not classified; this is not a negative result. For research use only; "
            "not for diagnosis. The age is not known.");
}

TEST(RegionText, NamesFindingAndPurposeWithoutAColon) {
  EXPECT_EQ(RegionText(Viral().classification->decision, 2), "Viral pattern 2 (research use only)");
  EXPECT_EQ(RegionText({Conclusion::kPositive, Pattern::kBacteria, {}}, 0), "Bacterial pattern (research use only)");
  EXPECT_EQ(RegionText(Indeterminate().classification->decision, 1), "Indeterminate 1 (research use only)");
  EXPECT_EQ(RegionText({Conclusion::kNegative, Pattern::kNormal, {}}, 0), "No pneumonia pattern (research use only)");
  EXPECT_LE(RegionText({Conclusion::kPositive, Pattern::kBacteria, {}}, 8).size(), 40U);
}

}  // namespace
}  // namespace cxr
