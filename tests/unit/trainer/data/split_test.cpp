// SPDX-License-Identifier: Apache-2.0
#include "trainer/data/split.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <set>
#include <string>

namespace cxr {
namespace {

/// 60 patients of each class with one to four images each, under the public data's names.
std::vector<LabelledImage> ManyImages() {
  std::vector<LabelledImage> images;
  for (const Pattern label : kPatterns) {
    for (int patient = 0; patient < 60; ++patient) {
      for (int image = 0; image <= patient % 4; ++image) {
        std::string name = "IM-" + std::to_string(patient) + "-" + std::to_string(image) + ".jpeg";
        if (label != Pattern::kNormal) {
          name = "person" + std::to_string(patient) + (label == Pattern::kVirus ? "_virus_" : "_bacteria_") +
                 std::to_string(image) + ".jpeg";
        }
        images.push_back({name, name, label, PatientKey(name)});
      }
    }
  }
  return images;
}

std::set<std::string> Patients(const std::vector<LabelledImage>& images) {
  std::set<std::string> patients;
  for (const LabelledImage& image : images) patients.insert(image.patient);
  return patients;
}

void ExpectNoPatientOnBothSides(const Split& split) {
  const std::set<std::string> validation = Patients(split.validation);
  for (const std::string& patient : Patients(split.training)) EXPECT_EQ(validation.count(patient), 0U) << patient;
}

TEST(SplitByPatient, PutsNoPatientOnBothSides) {
  const std::vector<LabelledImage> images = ManyImages();
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const Split split = SplitByPatient(images, 0.2, seed);
    ExpectNoPatientOnBothSides(split);
    EXPECT_EQ(split.training.size() + split.validation.size(), images.size());
  }
}

TEST(SplitByPatient, HoldsOutTheWantedShareOfEachClass) {
  const Split split = SplitByPatient(ManyImages(), 0.2, 3);
  for (const Pattern label : kPatterns) {
    const auto held_out = std::count_if(split.validation.begin(), split.validation.end(),
                                        [&](const LabelledImage& image) { return image.label == label; });
    EXPECT_GE(held_out, 30);  // of 150
    EXPECT_LE(held_out, 33);
  }
}

TEST(SplitByPatient, FollowsFromTheSeed) {
  const auto names = [](const Split& split) { return Patients(split.validation); };
  EXPECT_EQ(names(SplitByPatient(ManyImages(), 0.2, 7)), names(SplitByPatient(ManyImages(), 0.2, 7)));
  EXPECT_NE(names(SplitByPatient(ManyImages(), 0.2, 7)), names(SplitByPatient(ManyImages(), 0.2, 8)));
}

TEST(SplitByPatient, LeavesAPatientOfEachClassForTraining) {
  const std::vector<LabelledImage> two = {{"a", "a", Pattern::kNormal, "p"}, {"b", "b", Pattern::kNormal, "q"}};
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
  const auto images = ListImages(folder.string());
  ASSERT_TRUE(images.ok()) << images.status();
  ASSERT_EQ(images->size(), 5216U);
  for (const LabelledImage& image : *images) {
    EXPECT_NE(image.patient.find(' '), std::string::npos) << image.name << " was not understood";
  }
  ExpectNoPatientOnBothSides(SplitByPatient(*images, 0.15, 1));
}

/// `patients` of each class; number i has i % 4 + 1 images.
std::vector<LabelledImage> ImagesOf(int patients) {
  std::vector<LabelledImage> images;
  for (const Pattern label : kPatterns) {
    for (int i = 0; i < patients; ++i) {
      for (int count = 0; count <= i % 4; ++count) {
        LabelledImage image;
        image.label = label;
        image.patient = std::to_string(static_cast<int>(label)) + " " + std::to_string(i);
        images.push_back(image);
      }
    }
  }
  return images;
}

TEST(Folds, KeepPatientsTogetherAndSpreadEachClassEvenly) {
  const std::vector<LabelledImage> images = ImagesOf(40);
  const std::vector<int> folds = AssignFolds(images, 5, 1);
  std::map<std::string, int> of_patient;
  std::map<Pattern, std::array<int, 5>> sizes;
  for (std::size_t i = 0; i < images.size(); ++i) {
    EXPECT_EQ(of_patient.emplace(images[i].patient, folds[i]).first->second, folds[i]);
    ++sizes[images[i].label].at(static_cast<std::size_t>(folds[i]));
  }
  for (const auto& [label, counts] : sizes) {
    for (const int count : counts) EXPECT_NEAR(count, 20, 1);
  }
}

TEST(Folds, FollowFromTheSeed) {
  EXPECT_EQ(AssignFolds(ImagesOf(20), 4, 7), AssignFolds(ImagesOf(20), 4, 7));
  EXPECT_NE(AssignFolds(ImagesOf(20), 4, 7), AssignFolds(ImagesOf(20), 4, 8));
}

TEST(Folds, HoldOutEachImageOnce) {
  const std::vector<LabelledImage> images = ImagesOf(10);
  const std::vector<int> folds = AssignFolds(images, 3, 1);
  std::size_t held_out = 0;
  for (int fold = 0; fold < 3; ++fold) {
    const Split split = HoldOutFold(images, folds, fold);
    EXPECT_EQ(split.training.size() + split.validation.size(), images.size());
    held_out += split.validation.size();
  }
  EXPECT_EQ(held_out, images.size());
}

/// Two series of normal radiographs with different numbers of patients, and two images of each patient.
std::vector<LabelledImage> TwoSeries() {
  std::vector<LabelledImage> images;
  for (const auto& [series, first, count] : {std::make_tuple("IM", 100, 20), std::make_tuple("NORMAL2-IM", 7, 40)}) {
    for (int patient = first; patient < first + count; ++patient) {
      for (int image = 0; image < 2; ++image) {
        const std::string key = std::string(series) + " " + std::to_string(patient);
        const std::string name = key + "-" + std::to_string(image);
        images.push_back({name, name, Pattern::kNormal, key, SplitName::kNone});
      }
    }
  }
  return images;
}

std::set<std::string> PatientsOf(const std::vector<LabelledImage>& images, SplitName split) {
  std::set<std::string> patients;
  for (const LabelledImage& image : images) {
    if (image.split == split) patients.insert(image.patient);
  }
  return patients;
}

TEST(SplitData, HoldsOutTheFirstNumbersOfEachSeriesTestBeforeValidation) {
  std::vector<LabelledImage> images = TwoSeries();
  HoldOutOptions options;
  options.patients = HoldOut::kFirstNumbers;
  AssignSplits(options, images);
  EXPECT_EQ(
      PatientsOf(images, SplitName::kTest),
      (std::set<std::string>{"IM 100", "IM 101", "NORMAL2-IM 7", "NORMAL2-IM 8", "NORMAL2-IM 9", "NORMAL2-IM 10"}));
  EXPECT_EQ(
      PatientsOf(images, SplitName::kValidation),
      (std::set<std::string>{"IM 102", "IM 103", "NORMAL2-IM 11", "NORMAL2-IM 12", "NORMAL2-IM 13", "NORMAL2-IM 14"}));
  EXPECT_EQ(PatientsOf(images, SplitName::kTrain).size(), 48U);
}

TEST(SplitData, PutsEveryPatientIntoOnePart) {
  std::vector<LabelledImage> images = TwoSeries();
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    HoldOutOptions options;
    options.seed = seed;
    AssignSplits(options, images);
    std::map<std::string, std::set<SplitName>> parts;
    for (const LabelledImage& image : images) parts[image.patient].insert(image.split);
    for (const auto& [patient, names] : parts) EXPECT_EQ(names.size(), 1U) << patient;
    EXPECT_EQ(PatientsOf(images, SplitName::kTest).size(), 6U);
    EXPECT_EQ(PatientsOf(images, SplitName::kValidation).size(), 6U);
  }
}

TEST(SplitData, FollowsFromTheSeed) {
  const auto test = [](std::uint64_t seed) {
    std::vector<LabelledImage> images = TwoSeries();
    HoldOutOptions options;
    options.seed = seed;
    AssignSplits(options, images);
    return PatientsOf(images, SplitName::kTest);
  };
  EXPECT_EQ(test(4), test(4));
  EXPECT_NE(test(4), test(5));
}

TEST(SplitData, KeepsNamedPatientsOutOfTrainingAndMovesNobodyElse) {
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    HoldOutOptions options;
    options.seed = seed;
    std::vector<LabelledImage> usual = TwoSeries();
    AssignSplits(options, usual);
    options.never_train = {"IM 100", "NORMAL2-IM 9"};
    std::vector<LabelledImage> images = TwoSeries();
    AssignSplits(options, images);
    for (std::size_t i = 0; i < images.size(); ++i) {
      const bool named = images[i].patient == "IM 100" || images[i].patient == "NORMAL2-IM 9";
      const bool moved = named && usual[i].split == SplitName::kTrain;
      EXPECT_EQ(images[i].split, moved ? SplitName::kTest : usual[i].split) << images[i].patient;
    }
  }
}

TEST(SplitData, LeavesAPatientForTraining) {
  std::vector<LabelledImage> images = {{"a", "a", Pattern::kVirus, "p", SplitName::kNone}};
  HoldOutOptions options;
  options.test_fraction = 0.9;
  AssignSplits(options, images);
  EXPECT_EQ(images[0].split, SplitName::kTrain);
}

}  // namespace
}  // namespace cxr
