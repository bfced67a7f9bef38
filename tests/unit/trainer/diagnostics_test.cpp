// SPDX-License-Identifier: Apache-2.0
#include "trainer/diagnostics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <opencv2/imgcodecs.hpp>

#include "tests/unit/trainer/generated_data.h"
#include "trainer/html_report.h"
#include "trainer/plots.h"
#include "trainer/thorax_mask.h"

namespace cxr {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

TEST(Roc, StepsThroughTheScoresAndSlopesOverTies) {
  const RocCurve curve = ComputeRoc({0.9, 0.5, 0.5, 0.1}, {true, true, false, false});
  EXPECT_THAT(curve.false_positive_rate, ElementsAre(0, 0, 0.5, 1));
  EXPECT_THAT(curve.true_positive_rate, ElementsAre(0, 0.5, 1, 1));
  EXPECT_TRUE(ComputeRoc({0.1, 0.2}, {true, true}).true_positive_rate.empty());
}

TEST(Reliability, ComparesConfidenceAndAccuracyInEachBin) {
  const auto bins = ComputeReliability({{Pattern::kBacteria, {0.72, 0.2, 0.08}, Pattern::kBacteria},
                                        {Pattern::kNormal, {0.78, 0.2, 0.02}, Pattern::kBacteria},
                                        {Pattern::kVirus, {0, 0, 1}, Pattern::kVirus}});
  ASSERT_EQ(bins.size(), 10U);
  EXPECT_EQ(bins[7].count, 2U);
  EXPECT_DOUBLE_EQ(bins[7].confidence, 0.75);
  EXPECT_DOUBLE_EQ(bins[7].accuracy, 0.5);
  EXPECT_EQ(bins[9].count, 1U);
  EXPECT_EQ(bins[0].count, 0U);
}

TEST(ThoraxMask, HasItsAreaOfAnEvenMapAndAllOfAMapAtItsCenter) {
  const ThoraxMask mask;
  EXPECT_NEAR(*ShareInside({7, 7, std::vector<float>(49, 1)}, mask), mask.Area(), 0.005);
  ClassMap central{7, 7, std::vector<float>(49, 0)};
  central.values[24] = 1;
  EXPECT_GT(*ShareInside(central, mask), 0.95);
  EXPECT_TRUE(PeakInside(central, mask));
  ClassMap corner{7, 7, std::vector<float>(49, 0)};
  corner.values[0] = 1;
  EXPECT_LT(*ShareInside(corner, mask), 0.05);
  EXPECT_FALSE(PeakInside(corner, mask));
  EXPECT_FALSE(ShareInside({7, 7, std::vector<float>(49, 0)}, mask).has_value());
}

std::vector<Prediction> SomePredictions() {
  return {{Pattern::kBacteria, {0.8, 0.1, 0.1}, Pattern::kBacteria},
          {Pattern::kNormal, {0.2, 0.7, 0.1}, Pattern::kNormal},
          {Pattern::kVirus, {0.5, 0.2, 0.3}, Pattern::kBacteria}};
}

TEST(Plots, ArePicturesOfTheirOwn) {
  const test::TestFolder folder;
  const auto plots = DrawJudgementPlots(SomePredictions(), ComputeMetrics(SomePredictions()), folder.path().string());
  ASSERT_TRUE(plots.ok()) << plots.status();
  ASSERT_EQ(plots->size(), 3U);
  for (const Plot& plot : *plots) {
    const cv::Mat picture = cv::imread(plot.path);
    EXPECT_EQ(picture.cols, 720) << plot.path;
    double low = 255;
    double high = 0;
    cv::minMaxLoc(picture.reshape(1), &low, &high);
    EXPECT_LT(low, 100) << plot.path << " is blank";
    EXPECT_GT(high, 250) << plot.path << " is not on white";
  }
}

TEST(Plots, OfCurvesGroupTrainingAndValidation) {
  const test::TestFolder folder;
  const std::string csv =
      "stage,epoch,training_loss,training_accuracy,validation_accuracy,validation_recall_VIRUS\n"
      "frozen,1,1.1,0.4,,\nfrozen,2,0.9,0.5,0.45,0.1\nfine-tune,1,0.8,0.6,0.55,0.2\n";
  const auto plots = DrawTrainingCurves(csv, folder.path().string());
  ASSERT_TRUE(plots.ok()) << plots.status();
  std::vector<std::string> names;
  for (const Plot& plot : *plots) names.push_back(std::filesystem::path(plot.path).filename().string());
  EXPECT_THAT(names, ElementsAre("curve_accuracy.png", "curve_loss.png", "curve_recall.png"));
}

TEST(Plots, NameTheFileThatCannotBeWritten) {
  const test::TestFolder folder;
  const std::string missing = (folder.path() / "missing").string();
  const auto plots = DrawTrainingCurves("stage,epoch,training_loss\nfrozen,1,1\nfrozen,2,2\n", missing);
  EXPECT_THAT(std::string(plots.status().message()), HasSubstr(missing + "/curve_loss.png"));
}

TEST(HtmlReport, NeedsNothingElseAndEscapesItsTexts) {
  const test::TestFolder folder;
  const Metrics metrics = ComputeMetrics(SomePredictions());
  auto plots = DrawJudgementPlots(SomePredictions(), metrics, folder.path().string());
  ASSERT_TRUE(plots.ok()) << plots.status();
  Judgement judgement{metrics, {}, {}};
  judgement.intervals.accuracy = Interval{0.25, 0.75};
  const auto html =
      FormatHtmlReport({"Run <b>", {{"Data", "a & \"b\" <script>"}}, judgement, *std::move(plots), {"Beware."}});
  ASSERT_TRUE(html.ok()) << html.status();
  EXPECT_THAT(*html, HasSubstr("Run &lt;b&gt;"));
  EXPECT_THAT(*html, HasSubstr("a &amp; &quot;b&quot; &lt;script&gt;"));
  EXPECT_THAT(*html, HasSubstr("0.250 to 0.750"));
  EXPECT_THAT(*html, HasSubstr("data:image/png;base64,iVBOR"));
  EXPECT_THAT(*html, Not(HasSubstr("http")));
  EXPECT_THAT(*html, Not(HasSubstr(folder.path().string())));
}

TEST(HtmlReport, NamesThePlotThatIsNotThere) {
  const auto html = FormatHtmlReport({"Run", {}, {}, {{"/nowhere/plot.png", "", ""}}, {}});
  EXPECT_THAT(std::string(html.status().message()), HasSubstr("/nowhere/plot.png"));
}

}  // namespace
}  // namespace cxr
