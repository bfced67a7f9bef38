// SPDX-License-Identifier: Apache-2.0
#include "service/core/classification.h"

#include <gtest/gtest.h>

namespace cxr {
namespace {

TEST(Decision, IsPositiveAtTheOperatingPointItself) {
  EXPECT_TRUE(Decide({0.25, 0.5, 0.25}, 0.5).positive);
  EXPECT_FALSE(Decide({0.25, 0.5, 0.25}, 0.5000001).positive);
}

TEST(Decision, FindingIsTheLikelierOfBacteriaAndVirusWhenPositive) {
  EXPECT_EQ(Decide({0.5, 0.2, 0.3}, 0.5).finding, Pattern::kBacteria);
  EXPECT_EQ(Decide({0.3, 0.2, 0.5}, 0.5).finding, Pattern::kVirus);
}

TEST(Decision, FindingIsPneumoniaEvenWhenNormalIsTheLikeliestSingleClass) {
  const Decision decision = Decide({0.26, 0.45, 0.29}, 0.5);
  EXPECT_TRUE(decision.positive);
  EXPECT_EQ(decision.finding, Pattern::kVirus);
}

TEST(Decision, FindingIsNormalBelowTheOperatingPointEvenWhenBacteriaIsTheLikeliestClass) {
  const Decision decision = Decide({0.5, 0.3, 0.2}, 0.8);
  EXPECT_FALSE(decision.positive);
  EXPECT_EQ(decision.finding, Pattern::kNormal);
  EXPECT_DOUBLE_EQ(decision.operating_point, 0.8);
}

TEST(Decision, ATieGoesToBacteria) {
  EXPECT_EQ(Decide({0.4, 0.2, 0.4}, 0.5).finding, Pattern::kBacteria);
}

TEST(PneumoniaScore, IsTheSumOfBothPatternsAndStaysWithinZeroAndOne) {
  EXPECT_DOUBLE_EQ(PneumoniaScore({0.25, 0.5, 0.25}), 0.5);
  EXPECT_EQ(PneumoniaScore({0.7, 0.0, 0.3000001}), 1.0);
}

}  // namespace
}  // namespace cxr
