// SPDX-License-Identifier: Apache-2.0
#include "trainer/data/csv_dataset.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "tests/unit/trainer/generated_data.h"
#include "trainer/data/csv.h"

namespace cxr {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(ParseCsv, KnowsQuotesLineEndsAndWhereRowsStart) {
  const auto rows = ParseCsv(
      "\xEF\xBB\xBF"
      "a,b\r\n\r\n\"x, \"\"y\"\"\nz\",\nlast,1");
  ASSERT_TRUE(rows.ok()) << rows.status();
  ASSERT_EQ(rows->size(), 3U);
  EXPECT_THAT((*rows)[0].fields, ElementsAre("a", "b"));
  EXPECT_THAT((*rows)[1].fields, ElementsAre("x, \"y\"\nz", ""));
  EXPECT_EQ((*rows)[1].line, 3U);
  EXPECT_THAT((*rows)[2].fields, ElementsAre("last", "1"));
  EXPECT_EQ((*rows)[2].line, 5U);
}

TEST(ParseCsv, NamesTheLineOfABrokenQuote) {
  EXPECT_THAT(std::string(ParseCsv("a\nb,\"c\nd").status().message()), HasSubstr("line 2"));
  EXPECT_THAT(std::string(ParseCsv("a\nb\"c").status().message()), HasSubstr("line 2"));
  EXPECT_THAT(std::string(ParseCsv("\"a\"b").status().message()), HasSubstr("line 1"));
}

/// A table over three drawn images.
class CsvDataset : public testing::Test {
 protected:
  void SetUp() override { test::DrawThreeClasses(folder_.path(), 2, 1); }

  absl::StatusOr<std::vector<LabelledImage>> List(const std::string& text) {
    path_ = (folder_.path() / "data.csv").string();
    std::ofstream(path_) << text;
    return ListImages(path_);
  }

  std::string Error(const std::string& rows) {
    return std::string(List("file,label,patient,split\n" + rows).status().message());
  }

  test::TestFolder folder_;
  std::string path_;
  const std::string good_ = "BACTERIA/person1_bacteria_1.png,BACTERIA,ann,train\n";
};

TEST_F(CsvDataset, TakesPatientsAndSplitsFromItsColumnsInAnyOrder) {
  const auto images = List(
      "patient,note,label,file,split\n"
      "bob,x,VIRUS,VIRUS/person1_virus_1.png,validation\n"
      "ann,y,BACTERIA,BACTERIA/person1_bacteria_1.png,train\n"
      "eve,z,NORMAL," +
      (folder_.path() / "NORMAL/IM-1-0001.png").string() + ",test\n");
  ASSERT_TRUE(images.ok()) << images.status();
  ASSERT_EQ(images->size(), 3U);
  for (const LabelledImage& image : *images) {
    if (image.label == Pattern::kVirus) {
      EXPECT_EQ(image.patient, "bob");
      EXPECT_EQ(image.split, SplitName::kValidation);
    }
    if (image.label == Pattern::kNormal) {
      EXPECT_EQ(image.split, SplitName::kTest);
    }
    EXPECT_TRUE(std::filesystem::exists(image.path)) << image.path;
  }
}

TEST_F(CsvDataset, NamesFileAndLineOfWhatIsWrong) {
  EXPECT_THAT(Error(good_ + "nowhere.png,VIRUS,bob,train\n"), HasSubstr("data.csv:3: there is no file"));
  EXPECT_THAT(Error(good_ + "VIRUS/person1_virus_1.png,FUNGUS,bob,train\n"), HasSubstr("data.csv:3: label \"FUNGUS\""));
  EXPECT_THAT(Error(good_ + "VIRUS/person1_virus_1.png,VIRUS,,train\n"), HasSubstr("data.csv:3: patient is empty"));
  EXPECT_THAT(Error(good_ + "VIRUS/person1_virus_1.png,VIRUS,bob,dev\n"), HasSubstr("data.csv:3: split \"dev\""));
  EXPECT_THAT(Error(good_ + "VIRUS/person1_virus_1.png,VIRUS\n"), HasSubstr("data.csv:3: 2 fields"));
  EXPECT_THAT(Error(good_ + "notes.txt,VIRUS,bob,train\n"), HasSubstr("data.csv:3: notes.txt is no"));
  EXPECT_THAT(Error(good_ + good_), HasSubstr("is named in line 2 already"));
  EXPECT_THAT(Error(good_), HasSubstr("class NORMAL is empty"));
  EXPECT_THAT(std::string(List("file,label\n").status().message()),
              HasSubstr("data.csv:1: there is no column patient"));
  EXPECT_THAT(std::string(List("").status().message()), HasSubstr("data.csv is empty"));
}

TEST_F(CsvDataset, RefusesAPatientInTwoSplitsAndNamesBothLines) {
  const std::string message = Error(good_ + "VIRUS/person1_virus_1.png,VIRUS,ann,validation\n");
  EXPECT_THAT(message, HasSubstr("data.csv:3: patient ann is in the split validation and, in line 2"));
}

}  // namespace
}  // namespace cxr
