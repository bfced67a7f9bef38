// SPDX-License-Identifier: Apache-2.0
#include "trainer/cli/split_data.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

namespace cxr {
namespace {

/// Two series of normal films with different numbers of patients, and two pictures of each patient.
std::vector<Sample> TwoSeries() {
  std::vector<Sample> samples;
  for (const auto& [series, first, count] : {std::make_tuple("IM", 100, 20), std::make_tuple("NORMAL2-IM", 7, 40)}) {
    for (int patient = first; patient < first + count; ++patient) {
      for (int picture = 0; picture < 2; ++picture) {
        const std::string key = std::string(series) + " " + std::to_string(patient);
        const std::string name = key + "-" + std::to_string(picture);
        samples.push_back({name, name, Pattern::kNormal, key, SplitName::kNone});
      }
    }
  }
  return samples;
}

std::set<std::string> PatientsOf(const std::vector<Sample>& samples, SplitName split) {
  std::set<std::string> patients;
  for (const Sample& sample : samples) {
    if (sample.split == split) patients.insert(sample.patient);
  }
  return patients;
}

TEST(SplitData, HoldsOutTheFirstNumbersOfEachSeriesTestBeforeValidation) {
  std::vector<Sample> samples = TwoSeries();
  SplitDataOptions options;
  options.hold_out = HoldOut::kFirstNumbers;
  AssignSplits(options, samples);
  EXPECT_EQ(
      PatientsOf(samples, SplitName::kTest),
      (std::set<std::string>{"IM 100", "IM 101", "NORMAL2-IM 7", "NORMAL2-IM 8", "NORMAL2-IM 9", "NORMAL2-IM 10"}));
  EXPECT_EQ(
      PatientsOf(samples, SplitName::kValidation),
      (std::set<std::string>{"IM 102", "IM 103", "NORMAL2-IM 11", "NORMAL2-IM 12", "NORMAL2-IM 13", "NORMAL2-IM 14"}));
  EXPECT_EQ(PatientsOf(samples, SplitName::kTrain).size(), 48U);
}

TEST(SplitData, PutsEveryPatientIntoOnePart) {
  std::vector<Sample> samples = TwoSeries();
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    SplitDataOptions options;
    options.seed = seed;
    AssignSplits(options, samples);
    std::map<std::string, std::set<SplitName>> parts;
    for (const Sample& sample : samples) parts[sample.patient].insert(sample.split);
    for (const auto& [patient, names] : parts) EXPECT_EQ(names.size(), 1U) << patient;
    EXPECT_EQ(PatientsOf(samples, SplitName::kTest).size(), 6U);
    EXPECT_EQ(PatientsOf(samples, SplitName::kValidation).size(), 6U);
  }
}

TEST(SplitData, FollowsFromTheSeed) {
  const auto test = [](std::uint64_t seed) {
    std::vector<Sample> samples = TwoSeries();
    SplitDataOptions options;
    options.seed = seed;
    AssignSplits(options, samples);
    return PatientsOf(samples, SplitName::kTest);
  };
  EXPECT_EQ(test(4), test(4));
  EXPECT_NE(test(4), test(5));
}

TEST(SplitData, LeavesAPatientForTraining) {
  std::vector<Sample> samples = {{"a", "a", Pattern::kVirus, "p", SplitName::kNone}};
  SplitDataOptions options;
  options.test_fraction = 0.9;
  AssignSplits(options, samples);
  EXPECT_EQ(samples[0].split, SplitName::kTrain);
}

}  // namespace
}  // namespace cxr
