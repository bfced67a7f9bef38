// SPDX-License-Identifier: Apache-2.0
#include "trainer/data/folds.h"

#include <gtest/gtest.h>

#include <array>
#include <map>
#include <string>

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

}  // namespace
}  // namespace cxr
