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
  EXPECT_THAT(caption.top, testing::ElementsAre("Pattern suggestive of viral pneumonia", "Probability 67.44 %",
                                                "Pneumonia score 87.44 %, positive from 41.00 %"));
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
  EXPECT_EQ(CaptionOf(analysis, MapDisplay::kShown, "").top[2], "Pneumonia score 49.99 %, positive from 50.00 %");
  analysis.classification->pneumonia_score = 0.5;
  analysis.classification->decision = {Conclusion::kPositive, Pattern::kVirus, {0.5, 0.5}};
  EXPECT_EQ(CaptionOf(analysis, MapDisplay::kShown, "").top[2], "Pneumonia score 50.00 %, positive from 50.00 %");
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
  EXPECT_EQ(caption.top[0], "No pattern of pneumonia found");
  EXPECT_EQ(caption.top[1], "Probability 12.56 %");
  EXPECT_EQ(caption.legend, "");
}

TEST(Caption, NamesEveryWarning) {
  Analysis analysis = Viral();
  analysis.outcome = Outcome::kAnalysedWithWarnings;
  analysis.reasons = {{ReasonCode::kAgeUnknown, "long sentence"}, {ReasonCode::kForProcessing, "long sentence"}};
  EXPECT_EQ(CaptionOf(analysis, MapDisplay::kShown, "").bottom.front(),
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

}  // namespace
}  // namespace cxr
