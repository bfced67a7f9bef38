// SPDX-License-Identifier: Apache-2.0
#include "trainer/folds.h"

#include <gtest/gtest.h>

#include <array>
#include <map>
#include <string>

#include "trainer/fold_calibration.h"

namespace cxr {
namespace {

/// `patients` of each class; number i has i % 4 + 1 pictures.
std::vector<Sample> Samples(int patients) {
  std::vector<Sample> samples;
  for (const Pattern label : kPatterns) {
    for (int i = 0; i < patients; ++i) {
      for (int picture = 0; picture <= i % 4; ++picture) {
        Sample sample;
        sample.label = label;
        sample.patient = std::to_string(static_cast<int>(label)) + " " + std::to_string(i);
        samples.push_back(sample);
      }
    }
  }
  return samples;
}

TEST(Folds, KeepPatientsTogetherAndSpreadEachClassEvenly) {
  const std::vector<Sample> samples = Samples(40);
  const std::vector<int> folds = AssignFolds(samples, 5, 1);
  std::map<std::string, int> of_patient;
  std::map<Pattern, std::array<int, 5>> sizes;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    EXPECT_EQ(of_patient.emplace(samples[i].patient, folds[i]).first->second, folds[i]);
    ++sizes[samples[i].label].at(static_cast<std::size_t>(folds[i]));
  }
  for (const auto& [label, counts] : sizes) {
    for (const int count : counts) EXPECT_NEAR(count, 20, 1);
  }
}

TEST(Folds, FollowFromTheSeed) {
  EXPECT_EQ(AssignFolds(Samples(20), 4, 7), AssignFolds(Samples(20), 4, 7));
  EXPECT_NE(AssignFolds(Samples(20), 4, 7), AssignFolds(Samples(20), 4, 8));
}

TEST(Folds, HoldOutEachPictureOnce) {
  const std::vector<Sample> samples = Samples(10);
  const std::vector<int> folds = AssignFolds(samples, 3, 1);
  std::size_t held_out = 0;
  for (int fold = 0; fold < 3; ++fold) {
    const Split split = HoldOutFold(samples, folds, fold);
    EXPECT_EQ(split.training.size() + split.validation.size(), samples.size());
    held_out += split.validation.size();
  }
  EXPECT_EQ(held_out, samples.size());
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
  const CrossFitted fitted = CalibrateFolds(logits, labels, folds, 2, 0.97);
  EXPECT_GT(fitted.folds[0].temperature, 2) << "fitted on the unsure fold";
  EXPECT_LT(fitted.folds[1].temperature, 1) << "fitted on the sure fold";
  ASSERT_EQ(fitted.predictions.size(), 60U);
  EXPECT_EQ(fitted.predictions[0].probabilities, SoftmaxAt(logits[0], fitted.folds[0].temperature));
  EXPECT_EQ(fitted.predictions[59].probabilities, SoftmaxAt(logits[59], fitted.folds[1].temperature));
}

}  // namespace
}  // namespace cxr
