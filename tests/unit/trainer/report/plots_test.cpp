// SPDX-License-Identifier: Apache-2.0
#include "trainer/report/plots.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <opencv2/imgcodecs.hpp>

#include "tests/unit/trainer/generated_data.h"
#include "trainer/report/html_report.h"

namespace cxr {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

std::vector<Prediction> SomePredictions() {
  return {{Pattern::kBacteria, {0.8, 0.1, 0.1}, Pattern::kBacteria},
          {Pattern::kNormal, {0.2, 0.7, 0.1}, Pattern::kNormal},
          {Pattern::kVirus, {0.5, 0.2, 0.3}, Pattern::kBacteria}};
}

TEST(Plots, AreImagesOfTheirOwn) {
  const test::TestFolder folder;
  const auto plots = DrawJudgementPlots(SomePredictions(), ComputeMetrics(SomePredictions()), folder.path().string());
  ASSERT_TRUE(plots.ok()) << plots.status();
  ASSERT_EQ(plots->size(), 3U);
  for (const Plot& plot : *plots) {
    const cv::Mat image = cv::imread(plot.path);
    EXPECT_EQ(image.cols, 720) << plot.path;
    double low = 255;
    double high = 0;
    cv::minMaxLoc(image.reshape(1), &low, &high);
    EXPECT_LT(low, 100) << plot.path << " is blank";
    EXPECT_GT(high, 250) << plot.path << " is not on white";
  }
}

TEST(Plots, OfCurvesGroupTrainingAndValidation) {
  const test::TestFolder folder;
  const std::vector<Curve> curves = {{"loss", "training", {1, 2}, {1.1, 0.9}},
                                     {"accuracy", "training", {1, 2}, {0.4, 0.5}},
                                     {"accuracy", "validation", {2, 3}, {0.45, 0.55}},
                                     {"recall", "validation VIRUS", {2, 3}, {0.1, 0.2}},
                                     {"auroc", "validation VIRUS", {3}, {0.7}}};
  const auto plots = DrawTrainingCurves(curves, folder.path().string());
  ASSERT_TRUE(plots.ok()) << plots.status();
  std::vector<std::string> names;
  for (const Plot& plot : *plots) names.push_back(std::filesystem::path(plot.path).filename().string());
  EXPECT_THAT(names, ElementsAre("curve_accuracy.png", "curve_loss.png", "curve_recall.png")) << "a point is no curve";
}

TEST(Plots, NameTheFileThatCannotBeWritten) {
  const test::TestFolder folder;
  const std::string missing = (folder.path() / "missing").string();
  const auto plots = DrawTrainingCurves({{"loss", "training", {1, 2}, {1, 2}}}, missing);
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
