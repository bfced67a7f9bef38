// SPDX-License-Identifier: Apache-2.0
#include "trainer/data/dataset.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>

#include "tests/unit/trainer/generated_data.h"

namespace cxr {
namespace {

using testing::HasSubstr;

TEST(PatientKey, IsKindAndNumber) {
  EXPECT_EQ(PatientKey("person1000_bacteria_2931.jpeg"), "bacteria 1000");
  EXPECT_EQ(PatientKey("person1000_virus_1681.jpeg"), "virus 1000") << "numbers restart for each kind";
  EXPECT_EQ(PatientKey("person447_virus_921_1.jpeg"), "virus 447") << "the one name that departs from the pattern";
  EXPECT_EQ(PatientKey("IM-0115-0001.jpeg"), "IM 115");
  EXPECT_EQ(PatientKey("NORMAL2-IM-0413-0001.jpeg"), "NORMAL2-IM 413");
  EXPECT_EQ(PatientKey("NORMAL2-IM-0995-0001-0002.jpeg"), "NORMAL2-IM 995");
}

TEST(PatientKey, OfAnotherNameIsTheNameItself) {
  EXPECT_EQ(PatientKey("anything.png"), "anything.png");
  EXPECT_EQ(PatientKey("person_virus.jpeg"), "person_virus.jpeg");
  EXPECT_EQ(PatientKey("person99999999999999999999_virus_1.png"), "person99999999999999999999_virus_1.png");
}

TEST(ListImages, FindsImagesOfEachClassSortedByName) {
  const test::TestFolder folder;
  test::DrawThreeClasses(folder.path(), 3, 1);
  std::ofstream(folder.path() / "NORMAL" / "notes.txt") << "no image";
  const auto images = ListImages(folder.path().string());
  ASSERT_TRUE(images.ok()) << images.status();
  ASSERT_EQ(images->size(), 9U);
  EXPECT_TRUE(std::is_sorted(images->begin(), images->end(),
                             [](const LabelledImage& a, const LabelledImage& b) { return a.name < b.name; }));
  EXPECT_EQ((*images)[0].name, "BACTERIA/person1_bacteria_1.png");
  EXPECT_EQ((*images)[0].patient, "bacteria 1");
  EXPECT_EQ((*images)[0].label, Pattern::kBacteria);
}

TEST(ListImages, TakesTheTrainFolderOfTheUsualLayout) {
  const test::TestFolder folder;
  test::DrawThreeClasses(folder.path() / "train", 1, 1);
  const auto images = ListImages(folder.path().string());
  ASSERT_TRUE(images.ok()) << images.status();
  EXPECT_EQ(images->size(), 3U);
}

TEST(ListImages, NamesTheClassThatIsMissingOrEmpty) {
  const test::TestFolder folder;
  test::DrawThreeClasses(folder.path(), 1, 1);
  std::filesystem::remove_all(folder.path() / "VIRUS");
  EXPECT_THAT(std::string(ListImages(folder.path().string()).status().message()), HasSubstr("there is no folder"));
  std::filesystem::create_directories(folder.path() / "VIRUS");
  EXPECT_THAT(std::string(ListImages(folder.path().string()).status().message()), HasSubstr("class VIRUS is empty"));
}

}  // namespace
}  // namespace cxr
