// SPDX-License-Identifier: Apache-2.0
#include "trainer/report/plots.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "absl/types/optional.h"
#include "trainer/judge/metrics.h"
#include "trainer/report/canvas.h"

namespace cxr {
namespace {

constexpr std::array<PlotColour, kPatternCount> kClassColours = {PlotColour::kOrange, PlotColour::kGreen,
                                                                 PlotColour::kBlue};

Plot DrawConfusion(const Metrics& metrics, const std::string& path) {
  Canvas canvas(path, {"Confusion matrix: images (share of the label)", "predicted", "label", 0, 3, 0, 3, false});
  for (std::size_t label = 0; label < kPatternCount; ++label) {
    for (std::size_t predicted = 0; predicted < kPatternCount; ++predicted) {
      const std::size_t count = metrics.confusion[label][predicted];
      const std::size_t support = metrics.classes[label].support;
      const double share = support == 0 ? 0 : static_cast<double>(count) / static_cast<double>(support);
      const auto x = static_cast<double>(predicted);
      const auto y = static_cast<double>(kPatternCount - 1 - label);
      canvas.Rectangle(x + 0.01, y + 0.01, x + 0.99, y + 0.99,
                       label == predicted ? PlotColour::kBlue : PlotColour::kOrange, 0.08 + 0.92 * share);
      const bool dark = share > 0.45;
      canvas.Text(x + 0.5, y + 0.55, absl::StrCat(count), dark);
      canvas.Text(x + 0.5, y + 0.38, absl::StrFormat("%.1f %%", 100 * share), dark);
      const std::string names = absl::StrCat(PatternName(kPatterns[label]), " as ", PatternName(kPatterns[predicted]));
      canvas.Text(x + 0.5, y + 0.12, names, dark);
    }
  }
  return {path, "Confusion matrix",
          "Each row is what images are labelled as, each column what the model decided at its operating point. The "
          "percentages are shares of the row; those on the blue diagonal are the recall of each class."};
}

Plot DrawRoc(const std::vector<Prediction>& predictions, const Metrics& metrics, const std::string& path) {
  Canvas canvas(path, {"Receiver operating characteristic, each class against the rest", "1 - specificity",
                       "sensitivity", 0, 1, 0, 1.02});
  canvas.Line({0, 1}, {0, 1}, PlotColour::kGrey, true);
  std::vector<std::string> names;
  std::vector<PlotColour> colours;
  const auto add = [&](const std::string& name, const absl::optional<double>& auroc, PlotColour colour,
                       const auto& score, const auto& positive) {
    std::vector<double> scores;
    std::vector<bool> positives;
    for (const Prediction& each : predictions) {
      scores.push_back(score(each));
      positives.push_back(positive(each));
    }
    const RocCurve curve = ComputeRoc(scores, positives);
    if (curve.true_positive_rate.empty()) return;
    canvas.Line(curve.false_positive_rate, curve.true_positive_rate, colour);
    names.push_back(absl::StrFormat("%s, AUROC %.3f", name, auroc.value_or(0)));
    colours.push_back(colour);
  };
  for (std::size_t label = 0; label < kPatternCount; ++label) {
    add(
        std::string(PatternName(kPatterns[label])), metrics.classes[label].auroc, kClassColours[label],
        [&](const Prediction& each) { return each.probabilities[label]; },
        [&](const Prediction& each) { return each.label == kPatterns[label]; });
  }
  add(
      "pneumonia of any kind", metrics.pneumonia_auroc, PlotColour::kBlack,
      [](const Prediction& each) { return 1 - each.probabilities[static_cast<std::size_t>(Pattern::kNormal)]; },
      [](const Prediction& each) { return each.label != Pattern::kNormal; });
  if (!names.empty()) canvas.Legend(names, colours);
  return {path, "Receiver operating characteristic",
          "Sensitivity against false alarms for every threshold. The area under the curve (AUROC) is the chance that a "
          "image of the class scores higher than one without it: 1 is perfect, 0.5 (dashed) is guessing."};
}

Plot DrawReliability(const std::vector<Prediction>& predictions, const Metrics& metrics, const std::string& path) {
  Canvas canvas(path, {absl::StrFormat("Reliability, expected calibration error %.3f",
                                       metrics.expected_calibration_error.value_or(0)),
                       "confidence (largest probability)", "share that is right", 0, 1, 0, 1.02});
  const std::vector<ReliabilityBin> bins = ComputeReliability(predictions);
  std::vector<double> confidence;
  std::vector<double> accuracy;
  for (std::size_t i = 0; i < bins.size(); ++i) {
    if (bins[i].count == 0) continue;
    const double width = 1.0 / static_cast<double>(bins.size());
    const double left = static_cast<double>(i) * width;
    canvas.Rectangle(left + 0.003, 0, left + width - 0.003, bins[i].accuracy, PlotColour::kBlue, 0.35);
    canvas.Text(left + width / 2, 0.03, absl::StrCat(bins[i].count));
    confidence.push_back(bins[i].confidence);
    accuracy.push_back(bins[i].accuracy);
  }
  canvas.Line({0, 1}, {0, 1}, PlotColour::kGrey, true);
  canvas.Line(confidence, accuracy, PlotColour::kBlue);
  canvas.Points(confidence, accuracy, PlotColour::kBlue);
  return {path, "Reliability diagram",
          "Whether probabilities mean what they say: of the images to which the model gives about 80 %, 80 % should be "
          "right. Points below the dashed line are overconfident. The numbers at the foot count images; bars with few "
          "of them say little."};
}

constexpr std::array<PlotColour, 6> kOrder = {PlotColour::kBlue,   PlotColour::kOrange, PlotColour::kGreen,
                                              PlotColour::kPurple, PlotColour::kBlack,  PlotColour::kGrey};

constexpr double kLegendLine = 0.056;  // height of a legend's line as a share of the plot

Plot DrawFigure(const std::string& figure, const std::vector<Curve>& all, const std::string& path) {
  double low = all[0].values[0];
  double high = low;
  double last = 2;
  for (const Curve& curve : all) {
    low = std::min(low, *std::min_element(curve.values.begin(), curve.values.end()));
    high = std::max(high, *std::max_element(curve.values.begin(), curve.values.end()));
    last = std::max(last, curve.epochs.back());
  }
  const double margin = std::max(0.05 * (high - low), 1e-3);
  const bool above = figure == "loss";  // where the legend stands: no line runs through the room left for it
  const double share = kLegendLine * static_cast<double>(all.size() + 1);
  const double room = share / (1 - share) * (high - low + 2 * margin);
  const std::string title = absl::StrReplaceAll(figure, {{"_", " "}, {"auroc", "AUROC"}});
  Canvas canvas(path, {absl::StrCat(title, " over the run"), "epoch (of all stages, counted on)", title, 1, last,
                       low - margin - (above ? 0 : room), high + margin + (above ? room : 0)});
  std::vector<std::string> names;
  std::vector<PlotColour> colours;
  for (std::size_t i = 0; i < all.size(); ++i) {
    colours.push_back(kOrder[i % kOrder.size()]);
    names.push_back(all[i].name);
    canvas.Line(all[i].epochs, all[i].values, colours.back());
    canvas.Points(all[i].epochs, all[i].values, colours.back());
  }
  canvas.Legend(names, colours, above);
  return {path, absl::StrCat("Training curve: ", title),
          "Training figures are of augmented images with dropout, so they may be worse than those of validation."};
}

}  // namespace

absl::StatusOr<std::vector<Plot>> DrawJudgementPlots(const std::vector<Prediction>& predictions, const Metrics& metrics,
                                                     const std::string& directory) {
  const std::string confusion = directory + "/confusion.png";
  const std::string roc = directory + "/roc.png";
  const std::string reliability = directory + "/reliability.png";
  for (const std::string& path : {confusion, roc, reliability}) {
    if (absl::Status status = Canvas::Check(path); !status.ok()) return status;
  }
  return std::vector<Plot>{DrawConfusion(metrics, confusion), DrawRoc(predictions, metrics, roc),
                           DrawReliability(predictions, metrics, reliability)};
}

absl::StatusOr<std::vector<Plot>> DrawTrainingCurves(const std::vector<Curve>& curves, const std::string& directory) {
  std::map<std::string, std::vector<Curve>> figures;
  for (const Curve& curve : curves) {
    if (curve.values.size() >= 2) figures[curve.figure].push_back(curve);
  }
  std::vector<Plot> plots;
  for (const auto& [figure, own] : figures) {
    const std::string path = absl::StrCat(directory, "/curve_", figure, ".png");
    if (absl::Status status = Canvas::Check(path); !status.ok()) return status;
    plots.push_back(DrawFigure(figure, own, path));
  }
  return plots;
}

}  // namespace cxr
