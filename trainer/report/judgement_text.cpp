// SPDX-License-Identifier: Apache-2.0
#include "trainer/report/judgement_text.h"

#include <array>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "trainer/report/json.h"

namespace cxr {
namespace {

constexpr int kMetricPlaces = 6;  // of the numbers in metrics.json

std::string Cell(const absl::optional<double>& value) {
  return value.has_value() ? absl::StrFormat("%.4f", *value) : "-";
}

/// "0.9012 (0.8801-0.9204)".
std::string Cell(const absl::optional<double>& value, const absl::optional<Interval>& interval) {
  if (!interval.has_value()) return Cell(value);
  return absl::StrFormat("%s (%.3f-%.3f)", Cell(value), interval->low, interval->high);
}

std::string ConfusionTable(const Metrics& metrics) {
  std::string text = absl::StrFormat("\n%-18s", "label \\ predicted");
  for (const Pattern pattern : kPatterns) absl::StrAppendFormat(&text, " %8s", PatternName(pattern));
  text += "\n";
  for (const Pattern pattern : kPatterns) {
    absl::StrAppendFormat(&text, "%-18s", PatternName(pattern));
    for (const std::size_t count : metrics.confusion[static_cast<std::size_t>(pattern)])
      absl::StrAppendFormat(&text, " %8d", count);
    text += "\n";
  }
  return text;
}

constexpr std::array<Conclusion, kConclusionCount> kConclusions = {Conclusion::kNegative, Conclusion::kIndeterminate,
                                                                   Conclusion::kPositive};

bool KnowsConclusions(const Metrics& metrics) {
  return metrics.conclusions != decltype(metrics.conclusions){};
}

/// How many of each class the two operating points make negative, indeterminate and positive.
std::string ConclusionTable(const Metrics& metrics) {
  std::string text = absl::StrFormat("\n%-18s", "label \\ conclusion");
  for (const Conclusion conclusion : kConclusions) absl::StrAppendFormat(&text, " %13s", ConclusionName(conclusion));
  text += "\n";
  for (const Pattern pattern : kPatterns) {
    absl::StrAppendFormat(&text, "%-18s", PatternName(pattern));
    for (const std::size_t count : metrics.conclusions[static_cast<std::size_t>(pattern)])
      absl::StrAppendFormat(&text, " %13d", count);
    text += "\n";
  }
  return text;
}

Json ConclusionsJson(const Metrics& metrics) {
  Json order = Json::array();
  for (const Conclusion conclusion : kConclusions) order.push_back(ConclusionName(conclusion));
  return {{"order", order}, {"rows_label_columns_conclusion", metrics.conclusions}};
}

Json Number(const absl::optional<double>& value) {
  return RoundedJson(value, kMetricPlaces);
}

Json Range(const absl::optional<Interval>& interval) {
  if (!interval.has_value()) return nullptr;
  return {Number(interval->low), Number(interval->high)};
}

Json MetricsJson(const Metrics& metrics) {
  Json json = {{"count", metrics.count},
               {"accuracy", Number(metrics.accuracy)},
               {"macro_auroc", Number(metrics.macro_auroc)},
               {"pneumonia_auroc", Number(metrics.pneumonia_auroc)},
               {"ece", Number(metrics.expected_calibration_error)}};
  Json order = Json::array();
  for (const Pattern pattern : kPatterns) {
    const ClassMetrics& each = metrics.classes[static_cast<std::size_t>(pattern)];
    json["classes"][std::string(PatternName(pattern))] = {{"support", each.support},
                                                          {"precision", Number(each.precision)},
                                                          {"recall", Number(each.recall)},
                                                          {"f1", Number(each.f1)},
                                                          {"auroc", Number(each.auroc)}};
    order.push_back(PatternName(pattern));
  }
  json["confusion_matrix"] = {{"order", order}, {"rows_label_columns_predicted", metrics.confusion}};
  if (KnowsConclusions(metrics)) json["conclusions"] = ConclusionsJson(metrics);
  return json;
}

Json IntervalsJson(const MetricIntervals& intervals) {
  Json json = {{"accuracy", Range(intervals.accuracy)},
               {"macro_auroc", Range(intervals.macro_auroc)},
               {"pneumonia_auroc", Range(intervals.pneumonia_auroc)},
               {"ece", Range(intervals.expected_calibration_error)}};
  for (const Pattern pattern : kPatterns) {
    const MetricIntervals::OfClass& each = intervals.classes[static_cast<std::size_t>(pattern)];
    json["classes"][std::string(PatternName(pattern))] = {{"precision", Range(each.precision)},
                                                          {"recall", Range(each.recall)},
                                                          {"f1", Range(each.f1)},
                                                          {"auroc", Range(each.auroc)}};
  }
  return json;
}

}  // namespace

std::string FormatTable(const Metrics& metrics) {
  return FormatTable(Judgement{metrics, {}, {}});
}

std::string FormatTable(const Judgement& judgement) {
  const Metrics& metrics = judgement.metrics;
  const MetricIntervals& intervals = judgement.intervals;
  const int width = intervals.accuracy.has_value() ? 22 : 9;
  std::string text = absl::StrFormat("%-10s %8s %*s %*s %*s %*s\n", "class", "pictures", width, "precision", width,
                                     "recall", width, "F1", width, "AUROC");
  for (const Pattern pattern : kPatterns) {
    const ClassMetrics& each = metrics.classes[static_cast<std::size_t>(pattern)];
    const MetricIntervals::OfClass& range = intervals.classes[static_cast<std::size_t>(pattern)];
    absl::StrAppendFormat(&text, "%-10s %8d %*s %*s %*s %*s\n", PatternName(pattern), each.support, width,
                          Cell(each.precision, range.precision), width, Cell(each.recall, range.recall), width,
                          Cell(each.f1, range.f1), width, Cell(each.auroc, range.auroc));
  }
  absl::StrAppendFormat(
      &text, "\naccuracy %s   macro AUROC %s   pneumonia AUROC %s   calibration error (ECE) %s   pictures %d\n",
      Cell(metrics.accuracy, intervals.accuracy), Cell(metrics.macro_auroc, intervals.macro_auroc),
      Cell(metrics.pneumonia_auroc, intervals.pneumonia_auroc),
      Cell(metrics.expected_calibration_error, intervals.expected_calibration_error), metrics.count);
  if (judgement.cross_fitted.has_value())
    absl::StrAppend(&text, "calibration error with the temperature fitted on other patients (",
                    judgement.cross_fitted->folds, " folds) ",
                    Cell(judgement.cross_fitted->error, judgement.cross_fitted->interval), "\n");
  return text + ConfusionTable(metrics) + (KnowsConclusions(metrics) ? ConclusionTable(metrics) : "");
}

Json ToJson(const Metrics& metrics) {
  return MetricsJson(metrics);
}

Json ToJson(const Judgement& judgement) {
  Json json = MetricsJson(judgement.metrics);
  json["intervals_95"] = IntervalsJson(judgement.intervals);
  json["ece_crossfitted"] = nullptr;
  if (judgement.cross_fitted.has_value())
    json["ece_crossfitted"] = {{"ece", Number(judgement.cross_fitted->error)},
                               {"interval_95", Range(judgement.cross_fitted->interval)},
                               {"folds", judgement.cross_fitted->folds}};
  return json;
}

std::string FormatJson(const Judgement& judgement) {
  return ToJson(judgement).dump(2) + "\n";
}

}  // namespace cxr
