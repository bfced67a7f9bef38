// SPDX-License-Identifier: Apache-2.0
#include "service/imaging/caption.h"

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
  classification.decision = {true, Pattern::kVirus, 0.41};
  analysis.classification = classification;
  return analysis;
}

TEST(Caption, NamesFindingProbabilityScoreModelAndPurpose) {
  const Caption caption = WordCaption(Viral(), MapDisplay::kShown);
  EXPECT_THAT(caption.top, testing::ElementsAre("Pattern suggestive of viral pneumonia", testing::HasSubstr("67.5 %"),
                                                "Pneumonia score 0.874, positive from 0.410"));
  EXPECT_THAT(caption.bottom, testing::ElementsAre("Model cxr-test 1.2.3", "Research use only - not for diagnosis"));
  EXPECT_TRUE(caption.has_legend);
}

TEST(Caption, NamesTheDateBesideTheModel) {
  EXPECT_EQ(WordCaption(Viral(), MapDisplay::kShown, "2026-02-28").bottom.front(),
            "Model cxr-test 1.2.3, analysed 2026-02-28");
}

TEST(Caption, NeverRoundsAScoreOverTheOperatingPoint) {
  Analysis analysis = Viral();
  analysis.classification->pneumonia_score = 0.49996;
  analysis.classification->decision = {false, Pattern::kNormal, 0.5};
  EXPECT_EQ(WordCaption(analysis, MapDisplay::kShown).top[2], "Pneumonia score 0.499, positive from 0.500");
  analysis.classification->pneumonia_score = 0.5;
  analysis.classification->decision = {true, Pattern::kVirus, 0.5};
  EXPECT_EQ(WordCaption(analysis, MapDisplay::kShown).top[2], "Pneumonia score 0.500, positive from 0.500");
}

TEST(Caption, OfANormalFilmWithItsMapSaysWhatTheColoursMean) {
  Analysis analysis = Viral();
  analysis.classification->decision = {false, Pattern::kNormal, 0.9};
  EXPECT_TRUE(WordCaption(analysis, MapDisplay::kShown).has_legend);
  EXPECT_EQ(WordCaption(analysis, MapDisplay::kShown).legend, "Activation for normal");
}

TEST(Caption, HasNoLegendWhereNothingIsColoured) {
  Analysis analysis = Viral();
  analysis.classification->decision = {false, Pattern::kNormal, 0.9};
  const Caption caption = WordCaption(analysis, MapDisplay::kHidden);
  EXPECT_EQ(caption.top[0], "No pattern of pneumonia found");
  EXPECT_THAT(caption.top[1], testing::HasSubstr("12.6 %"));
  EXPECT_FALSE(caption.has_legend);
}

TEST(Caption, NamesEveryWarning) {
  Analysis analysis = Viral();
  analysis.outcome = Outcome::kAnalysedWithWarnings;
  analysis.reasons = {{ReasonCode::kAgeUnknown, "long sentence"}, {ReasonCode::kForProcessing, "long sentence"}};
  EXPECT_EQ(WordCaption(analysis, MapDisplay::kShown).bottom.front(), "CAUTION: AGE UNKNOWN, FOR PROCESSING");
}

TEST(Caption, IsPrintableWhateverTheModelIsCalled) {
  Analysis analysis = Viral();
  analysis.model.identity = {
      "m\xC3\xB6"
      "del\n" +
          std::string(1000, 'x'),
      "\x01", ""};
  for (const std::string& line : WordCaption(analysis, MapDisplay::kShown).bottom) {
    EXPECT_LT(line.size(), 120U);
    EXPECT_TRUE(std::all_of(line.begin(), line.end(), [](char c) { return c >= ' ' && c <= '~'; })) << line;
  }
}

}  // namespace
}  // namespace cxr
