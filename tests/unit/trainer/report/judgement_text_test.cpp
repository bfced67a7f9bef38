// SPDX-License-Identifier: Apache-2.0
#include "trainer/report/judgement_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cxr {
namespace {

using testing::HasSubstr;

std::vector<Prediction> TwoImages() {
  return {{Pattern::kBacteria, {0.75, 0.125, 0.125}, Pattern::kBacteria},
          {Pattern::kNormal, {0.5, 0.25, 0.25}, Pattern::kBacteria}};
}

TEST(ToJson, IsNullForWhatIsNotDefined) {
  const auto json = ToJson(ComputeMetrics(TwoImages()));
  EXPECT_EQ(json["accuracy"], 0.5);
  EXPECT_EQ(json["classes"]["VIRUS"]["support"], 0);
  for (const char* figure : {"precision", "recall", "f1", "auroc"})
    EXPECT_TRUE(json["classes"]["VIRUS"][figure].is_null()) << figure;
  EXPECT_EQ(json["confusion_matrix"]["rows_label_columns_predicted"].dump(), "[[1,0,0],[1,0,0],[0,0,0]]");
}

TEST(ToJson, RoundsToSixPlacesAndNamesItsIntervals) {
  Judgement judgement{ComputeMetrics(TwoImages()), {}, {}};
  judgement.intervals.accuracy = Interval{1.0 / 3, 2.0 / 3};
  judgement.cross_fitted = CrossFittedError{0.25, {}, 5};
  const auto json = ToJson(judgement);
  EXPECT_EQ(json["intervals_95"]["accuracy"].dump(), "[0.333333,0.666667]");
  EXPECT_TRUE(json["intervals_95"]["macro_auroc"].is_null());
  EXPECT_EQ(json["ece_crossfitted"].dump(), R"({"ece":0.25,"interval_95":null,"folds":5})");
}

TEST(FormatTable, ShowsFiguresAndConfusion) {
  const std::string table = FormatTable(ComputeMetrics(TwoImages()));
  EXPECT_THAT(table, HasSubstr("accuracy 0.5000"));
  EXPECT_THAT(table, HasSubstr("AUROC"));
  EXPECT_THAT(table, HasSubstr("label \\ predicted"));
}

TEST(FormatTable, CountsTheConclusionsOfEachClassWhereTheyAreKnown) {
  std::vector<Prediction> predictions = TwoImages();
  EXPECT_THAT(FormatTable(ComputeMetrics(predictions)), testing::Not(HasSubstr("conclusion")));
  EXPECT_FALSE(ToJson(ComputeMetrics(predictions)).contains("conclusions"));
  predictions[0].conclusion = Conclusion::kPositive;
  predictions[1].conclusion = Conclusion::kIndeterminate;
  const Metrics metrics = ComputeMetrics(predictions);
  EXPECT_THAT(FormatTable(metrics), HasSubstr("label \\ conclusion      negative indeterminate      positive\n"
                                              "BACTERIA                       0             0             1\n"
                                              "NORMAL                         0             1             0\n"));
  EXPECT_EQ(ToJson(metrics)["conclusions"].dump(), R"({"order":["negative","indeterminate","positive"],)"
                                                   R"("rows_label_columns_conclusion":[[0,0,1],[0,1,0],[0,0,0]]})");
}

}  // namespace
}  // namespace cxr
