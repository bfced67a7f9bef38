// SPDX-License-Identifier: Apache-2.0
#include "service/core/classification.h"

#include <gtest/gtest.h>

namespace cxr {
namespace {

OperatingPoints At(double point) {
  return {point, point};
}

TEST(Decision, IsPositiveAtTheOperatingPointItself) {
  EXPECT_TRUE(Decide({0.25, 0.5, 0.25}, At(0.5)).positive());
  EXPECT_FALSE(Decide({0.25, 0.5, 0.25}, At(0.5000001)).positive());
}

TEST(Decision, FindingIsTheLikelierOfBacteriaAndVirusWhenPositive) {
  EXPECT_EQ(Decide({0.5, 0.2, 0.3}, At(0.5)).finding, Pattern::kBacteria);
  EXPECT_EQ(Decide({0.3, 0.2, 0.5}, At(0.5)).finding, Pattern::kVirus);
}

TEST(Decision, FindingIsPneumoniaEvenWhenNormalIsTheLikeliestSingleClass) {
  const Decision decision = Decide({0.26, 0.45, 0.29}, At(0.5));
  EXPECT_TRUE(decision.positive());
  EXPECT_EQ(decision.finding, Pattern::kVirus);
}

TEST(Decision, IsNeverNegativeWhenAnotherPatternThanNormalIsTheLikeliest) {
  const Decision decision = Decide({0.5, 0.3, 0.2}, At(0.8));
  EXPECT_EQ(decision.conclusion, Conclusion::kIndeterminate);
  EXPECT_EQ(decision.finding, Pattern::kBacteria);
  EXPECT_EQ(decision.points, At(0.8));
}

TEST(Decision, IsIndeterminateBetweenTheOperatingPoints) {
  const OperatingPoints points{0.4, 0.7};
  EXPECT_EQ(Decide({0.1, 0.61, 0.29}, points).conclusion, Conclusion::kNegative);
  EXPECT_EQ(Decide({0.1, 0.6, 0.3}, points).conclusion, Conclusion::kIndeterminate);
  EXPECT_EQ(Decide({0.1, 0.6, 0.3}, points).finding, Pattern::kVirus);
  EXPECT_EQ(Decide({0.1, 0.31, 0.59}, points).conclusion, Conclusion::kIndeterminate);
  EXPECT_EQ(Decide({0.1, 0.29, 0.61}, points).conclusion, Conclusion::kPositive);
}

TEST(PatternAt, IsNormalBelowTheOperatingPoint) {
  EXPECT_EQ(PatternAt({0.5, 0.3, 0.2}, 0.8), Pattern::kNormal);
  EXPECT_EQ(PatternAt({0.2, 0.3, 0.5}, 0.7), Pattern::kVirus);
}

TEST(Decision, ATieGoesToBacteria) {
  EXPECT_EQ(Decide({0.4, 0.2, 0.4}, At(0.5)).finding, Pattern::kBacteria);
}

TEST(PneumoniaScore, IsTheSumOfBothPatternsAndStaysWithinZeroAndOne) {
  EXPECT_DOUBLE_EQ(PneumoniaScore({0.25, 0.5, 0.25}), 0.5);
  EXPECT_EQ(PneumoniaScore({0.7, 0.0, 0.3000001}), 1.0);
}

}  // namespace
}  // namespace cxr
