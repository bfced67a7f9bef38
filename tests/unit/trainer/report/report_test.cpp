// SPDX-License-Identifier: Apache-2.0
#include "trainer/report/report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cxr {
namespace {

using testing::HasSubstr;

std::vector<Prediction> TwoPictures() {
  return {{Pattern::kBacteria, {0.75, 0.125, 0.125}, Pattern::kBacteria},
          {Pattern::kNormal, {0.5, 0.25, 0.25}, Pattern::kBacteria}};
}

TEST(FormatPredictions, HasExactlyTheAgreedColumns) {
  const std::vector<Sample> samples = {{"", "BACTERIA/a.png", Pattern::kBacteria, "a"},
                                       {"", "NORMAL/b, \"c\".png", Pattern::kNormal, "b"}};
  EXPECT_EQ(FormatPredictions(samples, TwoPictures()),
            "file,label,p_bacteria,p_normal,p_virus,predicted,ood_score\n"
            "BACTERIA/a.png,BACTERIA,0.750000,0.125000,0.125000,BACTERIA,\n"
            "\"NORMAL/b, \"\"c\"\".png\",NORMAL,0.500000,0.250000,0.250000,BACTERIA,\n");
}

TEST(FormatJson, WritesNullForWhatIsNotDefined) {
  const std::string json = FormatJson(ComputeMetrics(TwoPictures()));
  EXPECT_THAT(json, HasSubstr("\"accuracy\": 0.500000"));
  EXPECT_THAT(
      json,
      HasSubstr("\"VIRUS\": {\"support\": 0, \"precision\": null, \"recall\": null, \"f1\": null, \"auroc\": null}"));
  EXPECT_THAT(json, HasSubstr("[[1, 0, 0], [1, 0, 0], [0, 0, 0]]"));
}

TEST(FormatTable, ShowsFiguresAndConfusion) {
  const std::string table = FormatTable(ComputeMetrics(TwoPictures()));
  EXPECT_THAT(table, HasSubstr("accuracy 0.5000"));
  EXPECT_THAT(table, HasSubstr("AUROC"));
  EXPECT_THAT(table, HasSubstr("label \\ predicted"));
}

TEST(WriteFile, NamesTheFileItCannotWrite) {
  EXPECT_THAT(std::string(WriteFile("/nowhere/at/all.txt", "").message()), HasSubstr("/nowhere/at/all.txt"));
}

}  // namespace
}  // namespace cxr
