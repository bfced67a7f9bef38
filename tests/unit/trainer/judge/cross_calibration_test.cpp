// SPDX-License-Identifier: Apache-2.0
#include "trainer/judge/cross_calibration.h"

#include <gtest/gtest.h>

#include <vector>

namespace cxr {
namespace {

TEST(CrossFit, RepairsTemperaturesThatAreWrongForEverybody) {
  std::vector<PatternLogits> logits;
  std::vector<Pattern> labels;
  std::vector<std::string> patients;
  for (int i = 0; i < 500; ++i) {  // 80 % right, but as sure as softmax(9)
    logits.push_back({9, 0, 0});
    labels.push_back(i % 5 == 0 ? (i % 2 == 0 ? Pattern::kNormal : Pattern::kVirus) : Pattern::kBacteria);
    patients.push_back(std::to_string(i / 2));
  }
  const auto error = CrossFittedCalibrationError(logits, labels, patients, 5, {100, 1});
  ASSERT_TRUE(error.has_value());
  EXPECT_LT(error->error, 0.05) << "uncalibrated it is 0.2";
  EXPECT_EQ(error->folds, 5);
  EXPECT_TRUE(error->interval.has_value());
}

TEST(CrossFit, NeedsAPatientPerFold) {
  const std::vector<PatternLogits> logits(6, PatternLogits{1, 0, 0});
  const std::vector<Pattern> labels(6, Pattern::kBacteria);
  EXPECT_FALSE(CrossFittedCalibrationError(logits, labels, {"a", "a", "a", "b", "b", "b"}, 3, {10, 1}).has_value());
}

TEST(FoldCalibration, FitsEachFoldOnTheOthersAlone) {
  // Fold 0 is right with confidence; fold 1 is wrong as often as it is right. What fits one does not fit the other.
  std::vector<PatternLogits> logits;
  std::vector<Pattern> labels;
  std::vector<int> folds;
  for (int i = 0; i < 60; ++i) {
    const std::size_t label = static_cast<std::size_t>(i) % kPatternCount;
    const bool sure = i < 30;
    PatternLogits each{};
    each.at(sure || i % 2 == 0 ? label : (label + 1) % kPatternCount) = 3;
    logits.push_back(each);
    labels.push_back(kPatterns.at(label));
    folds.push_back(sure ? 0 : 1);
  }
  const CalibratedFolds fitted = CalibrateFolds(logits, labels, folds, 2, {0.97, 0.95});
  EXPECT_GT(fitted.folds[0].temperature, 2) << "fitted on the unsure fold";
  EXPECT_LT(fitted.folds[1].temperature, 1) << "fitted on the sure fold";
  ASSERT_EQ(fitted.predictions.size(), 60U);
  EXPECT_EQ(fitted.predictions[0].probabilities, SoftmaxAt(logits[0], fitted.folds[0].temperature));
  EXPECT_EQ(fitted.predictions[59].probabilities, SoftmaxAt(logits[59], fitted.folds[1].temperature));
}

}  // namespace
}  // namespace cxr
