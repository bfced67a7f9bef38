// SPDX-License-Identifier: Apache-2.0
#include "trainer/data/patient_split.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <set>
#include <string>

namespace cxr {
namespace {

/// 60 patients of each class with one to four pictures each, under the public data's names.
std::vector<Sample> ManySamples() {
  std::vector<Sample> samples;
  for (const Pattern label : kPatterns) {
    for (int patient = 0; patient < 60; ++patient) {
      for (int picture = 0; picture <= patient % 4; ++picture) {
        std::string name = "IM-" + std::to_string(patient) + "-" + std::to_string(picture) + ".jpeg";
        if (label != Pattern::kNormal) {
          name = "person" + std::to_string(patient) + (label == Pattern::kVirus ? "_virus_" : "_bacteria_") +
                 std::to_string(picture) + ".jpeg";
        }
        samples.push_back({name, name, label, PatientKey(name)});
      }
    }
  }
  return samples;
}

std::set<std::string> Patients(const std::vector<Sample>& samples) {
  std::set<std::string> patients;
  for (const Sample& sample : samples) patients.insert(sample.patient);
  return patients;
}

void ExpectNoPatientOnBothSides(const Split& split) {
  const std::set<std::string> validation = Patients(split.validation);
  for (const std::string& patient : Patients(split.training)) EXPECT_EQ(validation.count(patient), 0U) << patient;
}

TEST(SplitByPatient, PutsNoPatientOnBothSides) {
  const std::vector<Sample> samples = ManySamples();
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const Split split = SplitByPatient(samples, 0.2, seed);
    ExpectNoPatientOnBothSides(split);
    EXPECT_EQ(split.training.size() + split.validation.size(), samples.size());
  }
}

TEST(SplitByPatient, HoldsOutTheWantedShareOfEachClass) {
  const Split split = SplitByPatient(ManySamples(), 0.2, 3);
  for (const Pattern label : kPatterns) {
    const auto held_out = std::count_if(split.validation.begin(), split.validation.end(),
                                        [&](const Sample& sample) { return sample.label == label; });
    EXPECT_GE(held_out, 30);  // of 150
    EXPECT_LE(held_out, 33);
  }
}

TEST(SplitByPatient, FollowsFromTheSeed) {
  const auto names = [](const Split& split) { return Patients(split.validation); };
  EXPECT_EQ(names(SplitByPatient(ManySamples(), 0.2, 7)), names(SplitByPatient(ManySamples(), 0.2, 7)));
  EXPECT_NE(names(SplitByPatient(ManySamples(), 0.2, 7)), names(SplitByPatient(ManySamples(), 0.2, 8)));
}

TEST(SplitByPatient, LeavesAPatientOfEachClassForTraining) {
  const std::vector<Sample> two = {{"a", "a", Pattern::kNormal, "p"}, {"b", "b", Pattern::kNormal, "q"}};
  EXPECT_EQ(SplitByPatient(two, 0.9, 1).training.size(), 1U);
  EXPECT_EQ(SplitByPatient({two[0]}, 0.9, 1).training.size(), 1U);
}

TEST(SplitByPatient, KeepsPatientsOfTheRealDataApart) {
  const char* data = std::getenv("CXR_DATA");
  const char* source = std::getenv("CXR_SOURCE_DIR");
  const std::filesystem::path root =
      data != nullptr ? data : std::filesystem::path(source != nullptr ? source : ".") / "../shared/data";
  const std::filesystem::path folder = root / "kermany224/train";
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "no real data at " << folder << " (set CXR_DATA)";
  const auto samples = ListSamples(folder.string());
  ASSERT_TRUE(samples.ok()) << samples.status();
  ASSERT_EQ(samples->size(), 5216U);
  for (const Sample& sample : *samples) {
    EXPECT_NE(sample.patient.find(' '), std::string::npos) << sample.name << " was not understood";
  }
  ExpectNoPatientOnBothSides(SplitByPatient(*samples, 0.15, 1));
}

}  // namespace
}  // namespace cxr
