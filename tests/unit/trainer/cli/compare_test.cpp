// SPDX-License-Identifier: Apache-2.0
#include "trainer/cli/compare.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "tests/unit/trainer/generated_data.h"

namespace cxr {
namespace {

using testing::HasSubstr;

constexpr char kHeader[] = "file,label,p_bacteria,p_normal,p_virus,predicted,ood_score\n";

class CompareTest : public testing::Test {
 protected:
  std::string Write(const std::string& name, const std::string& rows) {
    const std::string path = (folder_.path() / name).string();
    std::ofstream(path) << kHeader << rows;
    return path;
  }

 private:
  const test::TestFolder folder_;
};

TEST_F(CompareTest, PrintsWhatOneModelHasOverTheOther) {
  std::string worse;
  std::string better;
  for (int i = 0; i < 30; ++i) {
    const std::string file = "VIRUS/person" + std::to_string(i) + "_virus_1.jpeg";
    worse += file + ",VIRUS,0.6,0.1,0.3,BACTERIA,\n";
    better += file + ",VIRUS,0.3,0.1,0.6,VIRUS,1.5\n";
  }
  testing::internal::CaptureStdout();
  const absl::Status status = Compare({{Write("a.csv", worse), Write("b.csv", better), ""}, 100});
  const std::string table = testing::internal::GetCapturedStdout();
  ASSERT_TRUE(status.ok()) << status;
  EXPECT_THAT(table, testing::ContainsRegex("accuracy +0.0000 +1.0000 +\\+1.0000 +\\+1.0000 to \\+1.0000  \\*"));
  EXPECT_THAT(table, testing::Not(HasSubstr("recall NORMAL"))) << "there is none";
}

TEST_F(CompareTest, NamesWhatIsWrong) {
  const std::string one = Write("one.csv", "VIRUS/person1_virus_1.jpeg,VIRUS,0.3,0.1,0.6,VIRUS,\n");
  const std::string other = Write("other.csv", "VIRUS/person2_virus_1.jpeg,VIRUS,0.3,0.1,0.6,VIRUS,\n");
  EXPECT_THAT(std::string(Compare({{one, other, ""}, 10}).message()), HasSubstr("lacks VIRUS/person1_virus_1.jpeg"));
  const std::string two = Write("two.csv", "a.png,VIRUS,0.3,0.1,0.6,VIRUS,\nb.png,VIRUS,x,0.1,0.6,VIRUS,\n");
  EXPECT_THAT(std::string(Compare({{one, two, ""}, 10}).message()), HasSubstr("two.csv:3: x is no probability"));
  const std::string broken = Write("broken.csv", "a.png,VIRUS\n");
  EXPECT_THAT(std::string(Compare({{one, broken, ""}, 10}).message()), HasSubstr("broken.csv:2: 2 fields"));
  EXPECT_THAT(std::string(Compare({{one, one + ".none", ""}, 10}).message()), HasSubstr("one.csv.none cannot be read"));
}

}  // namespace
}  // namespace cxr
