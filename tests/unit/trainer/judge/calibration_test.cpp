// SPDX-License-Identifier: Apache-2.0
#include "trainer/judge/calibration.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace cxr {
namespace {

TEST(SoftmaxAt, DividesByTheTemperatureAndDoesNotOverflow) {
  const PatternProbabilities plain = SoftmaxAt({std::log(2.0), 0, 0}, 1);
  EXPECT_NEAR(plain[0], 0.5, 1e-12);
  EXPECT_NEAR(plain[1], 0.25, 1e-12);
  EXPECT_NEAR(SoftmaxAt({2 * std::log(2.0), 0, 0}, 2)[0], 0.5, 1e-12);
  EXPECT_EQ(SoftmaxAt({1e6, 0, -1e6}, 0.25)[0], 1);
}

TEST(FitTemperature, FindsTheTemperatureTheLabelsWereDrawnAt) {
  std::mt19937_64 random(11);
  std::normal_distribution<double> normal(0, 3);
  std::vector<PatternLogits> logits;
  std::vector<Pattern> labels;
  for (int i = 0; i < 20000; ++i) {
    logits.push_back({normal(random), normal(random), normal(random)});
    const PatternProbabilities truth = SoftmaxAt(logits.back(), 2.5);
    std::discrete_distribution<int> draw(truth.begin(), truth.end());
    labels.push_back(kPatterns[static_cast<std::size_t>(draw(random))]);
  }
  EXPECT_NEAR(FitTemperature(logits, labels), 2.5, 0.1);
}

TEST(FitTemperature, StaysInBoundsWhereImagesAreSeparatedPerfectly) {
  EXPECT_NEAR(FitTemperature({{5, 0, 0}, {0, 5, 0}}, {Pattern::kBacteria, Pattern::kNormal}), 0.25, 1e-3);
  EXPECT_NEAR(FitTemperature({{5, 0, 0}, {0, 5, 0}}, {Pattern::kVirus, Pattern::kVirus}), 10, 1e-2);
  EXPECT_EQ(FitTemperature({}, {}), 1);
}

TEST(ChooseOperatingPoint, FindsTheWantedShareOfThePositives) {
  const std::vector<double> scores = {0.9, 0.8, 0.7, 0.2, 0.6, 0.1};
  const std::vector<bool> positives = {true, true, true, true, false, false};
  EXPECT_DOUBLE_EQ(ChooseOperatingPoint(scores, positives, 0.75), 0.65)
      << "three of four; midway to the next lower score";
  EXPECT_DOUBLE_EQ(ChooseOperatingPoint(scores, positives, 0.76), 0.15) << "three of four do not suffice";
  EXPECT_DOUBLE_EQ(ChooseOperatingPoint(scores, positives, 1.0), 0.15);
  EXPECT_DOUBLE_EQ(ChooseOperatingPoint(scores, positives, 0.0), 0.85) << "never above the best positive";
}

TEST(ChooseOperatingPoint, HandlesTiesAndTheAbsenceOfPositives) {
  EXPECT_DOUBLE_EQ(ChooseOperatingPoint({0.5, 0.5, 0.5}, {true, false, true}, 0.5), 0.25);
  EXPECT_DOUBLE_EQ(ChooseOperatingPoint({0.5, 0.4}, {false, false}, 0.9), 0.5);
  EXPECT_DOUBLE_EQ(ChooseOperatingPoint({}, {}, 0.9), 0.5);
}

TEST(ChooseSpecificOperatingPoint, LeavesTheWantedShareOfTheNegativesBelow) {
  const std::vector<double> scores = {0.9, 0.8, 0.35, 0.1, 0.2, 0.3, 0.6};
  const std::vector<bool> positives = {true, true, true, false, false, false, false};
  EXPECT_NEAR(ChooseSpecificOperatingPoint(scores, positives, 0.75), 0.325, 1e-12)
      << "three of four; midway to the next higher score";
  EXPECT_NEAR(ChooseSpecificOperatingPoint(scores, positives, 0.76), 0.7, 1e-12) << "three of four do not suffice";
  EXPECT_NEAR(ChooseSpecificOperatingPoint(scores, positives, 1.0), 0.7, 1e-12);
  EXPECT_NEAR(ChooseSpecificOperatingPoint(scores, positives, 0.0), 0.15, 1e-12) << "never below the best negative";
}

TEST(ChooseSpecificOperatingPoint, HandlesTiesAndTheAbsenceOfNegatives) {
  EXPECT_NEAR(ChooseSpecificOperatingPoint({0.5, 0.5, 0.5}, {false, true, false}, 0.5), 0.75, 1e-12);
  EXPECT_NEAR(ChooseSpecificOperatingPoint({0.5, 0.4}, {true, true}, 0.9), 0.5, 1e-12);
  EXPECT_NEAR(ChooseSpecificOperatingPoint({}, {}, 0.9), 0.5, 1e-12);
}

TEST(FitCalibration, ChoosesBothOperatingPointsOnOneScale) {
  std::vector<PatternLogits> logits;
  std::vector<Pattern> labels;
  for (int i = 0; i < 20; ++i) {  // scores of normals and of bacteria, side by side with an overlap
    logits.push_back({-3 + 0.2 * i, 0, -9});
    labels.push_back(Pattern::kNormal);
    logits.push_back({-1 + 0.2 * i, 0, -9});
    labels.push_back(Pattern::kBacteria);
  }
  const Calibration fitted = FitCalibration(logits, labels, {1.0, 1.0});
  EXPECT_LT(fitted.operating_point, fitted.specificity_operating_point) << "all of both, so they overlap";
  const Calibration lenient = FitCalibration(logits, labels, {0.6, 0.6});
  EXPECT_GT(lenient.operating_point, lenient.specificity_operating_point);
  EXPECT_LT(lenient.specificity_operating_point, fitted.specificity_operating_point);
}

TEST(BalanceVirusLogit, MakesBothRecallsEqual) {
  // VIRUS leads BACTERIA by: bacteria -3, -2, -1; virus -2.5, -0.5, 1.
  std::vector<PatternLogits> logits;
  std::vector<Pattern> labels;
  for (const double lead : {-3.0, -2.0, -1.0}) {
    logits.push_back({0, 9, lead});
    labels.push_back(Pattern::kBacteria);
  }
  for (const double lead : {-2.5, -0.5, 1.0}) {
    logits.push_back({0, -9, lead});
    labels.push_back(Pattern::kVirus);
  }
  logits.push_back({5, 9, -5});  // has no say
  labels.push_back(Pattern::kNormal);
  // Of both, two of three are right with a threshold between -2 and -1.
  EXPECT_DOUBLE_EQ(BalanceVirusLogit(logits, labels), 1.5);
}

TEST(BalanceVirusLogit, ShiftsNothingWhereAClassIsAbsent) {
  EXPECT_EQ(BalanceVirusLogit({}, {}), 0);
  EXPECT_EQ(BalanceVirusLogit({{1, 0, 0}}, {Pattern::kBacteria}), 0);
  EXPECT_EQ(BalanceVirusLogit({{1, 0, 0}}, {Pattern::kVirus}), 0);
}

}  // namespace
}  // namespace cxr
