// SPDX-License-Identifier: Apache-2.0
#include "trainer/report/plots.h"

#include <array>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "trainer/judge/diagnostics.h"
#include "trainer/report/canvas.h"

namespace cxr {
namespace {

constexpr std::array<Ink, kPatternCount> kInks = {Ink::kOrange, Ink::kGreen, Ink::kBlue};

Plot DrawConfusion(const Metrics& metrics, const std::string& path) {
  Canvas canvas(path, {"Confusion matrix: pictures (share of the label)", "predicted", "label", 0, 3, 0, 3, false});
  for (std::size_t label = 0; label < kPatternCount; ++label) {
    for (std::size_t predicted = 0; predicted < kPatternCount; ++predicted) {
      const std::size_t count = metrics.confusion[label][predicted];
      const std::size_t support = metrics.classes[label].support;
      const double share = support == 0 ? 0 : static_cast<double>(count) / static_cast<double>(support);
      const auto x = static_cast<double>(predicted);
      const auto y = static_cast<double>(kPatternCount - 1 - label);
      canvas.Rectangle(x + 0.01, y + 0.01, x + 0.99, y + 0.99, label == predicted ? Ink::kBlue : Ink::kOrange,
                       0.08 + 0.92 * share);
      const bool dark = share > 0.45;
      canvas.Text(x + 0.5, y + 0.55, absl::StrCat(count), dark);
      canvas.Text(x + 0.5, y + 0.38, absl::StrFormat("%.1f %%", 100 * share), dark);
      const std::string names = absl::StrCat(PatternName(kPatterns[label]), " as ", PatternName(kPatterns[predicted]));
      canvas.Text(x + 0.5, y + 0.12, names, dark);
    }
  }
  return {path, "Confusion matrix",
          "Each row is what pictures are labelled as, each column what the model decided at its operating point. The "
          "percentages are shares of the row; those on the blue diagonal are the recall of each class."};
}

Plot DrawRoc(const std::vector<Prediction>& predictions, const Metrics& metrics, const std::string& path) {
  Canvas canvas(path, {"Receiver operating characteristic, each class against the rest", "1 - specificity",
                       "sensitivity", 0, 1, 0, 1.02});
  canvas.Line({0, 1}, {0, 1}, Ink::kGrey, true);
  std::vector<std::string> names;
  std::vector<Ink> inks;
  const auto add = [&](const std::string& name, const absl::optional<double>& auroc, Ink ink, const auto& score,
                       const auto& positive) {
    std::vector<double> scores;
    std::vector<bool> positives;
    for (const Prediction& each : predictions) {
      scores.push_back(score(each));
      positives.push_back(positive(each));
    }
    const RocCurve curve = ComputeRoc(scores, positives);
    if (curve.true_positive_rate.empty()) return;
    canvas.Line(curve.false_positive_rate, curve.true_positive_rate, ink);
    names.push_back(absl::StrFormat("%s, AUROC %.3f", name, auroc.value_or(0)));
    inks.push_back(ink);
  };
  for (std::size_t label = 0; label < kPatternCount; ++label) {
    add(
        std::string(PatternName(kPatterns[label])), metrics.classes[label].auroc, kInks[label],
        [&](const Prediction& each) { return each.probabilities[label]; },
        [&](const Prediction& each) { return each.label == kPatterns[label]; });
  }
  add(
      "pneumonia of any kind", metrics.pneumonia_auroc, Ink::kBlack,
      [](const Prediction& each) { return 1 - each.probabilities[static_cast<std::size_t>(Pattern::kNormal)]; },
      [](const Prediction& each) { return each.label != Pattern::kNormal; });
  if (!names.empty()) canvas.Legend(names, inks);
  return {path, "Receiver operating characteristic",
          "Sensitivity against false alarms for every threshold. The area under the curve (AUROC) is the chance that a "
          "picture of the class scores higher than one without it: 1 is perfect, 0.5 (dashed) is guessing."};
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
    canvas.Rectangle(left + 0.003, 0, left + width - 0.003, bins[i].accuracy, Ink::kBlue, 0.35);
    canvas.Text(left + width / 2, 0.03, absl::StrCat(bins[i].count));
    confidence.push_back(bins[i].confidence);
    accuracy.push_back(bins[i].accuracy);
  }
  canvas.Line({0, 1}, {0, 1}, Ink::kGrey, true);
  canvas.Line(confidence, accuracy, Ink::kBlue);
  canvas.Points(confidence, accuracy, Ink::kBlue);
  return {
      path, "Reliability diagram",
      "Whether probabilities mean what they say: of the pictures to which the model gives about 80 %, 80 % should be "
      "right. Points below the dashed line are overconfident. The numbers at the foot count pictures; bars with few "
      "of them say little."};
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

}  // namespace cxr
