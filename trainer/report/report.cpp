// SPDX-License-Identifier: Apache-2.0
#include "trainer/report/report.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "trainer/data/csv_table.h"

namespace cxr {
namespace {

std::string Cell(const absl::optional<double>& value) {
  return value.has_value() ? absl::StrFormat("%.4f", *value) : "-";
}

std::string Number(const absl::optional<double>& value) {
  return value.has_value() ? absl::StrFormat("%.6f", *value) : "null";
}

std::string Range(const absl::optional<Interval>& interval) {
  return interval.has_value() ? absl::StrFormat("[%.6f, %.6f]", interval->low, interval->high) : "null";
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

/// Everything behind the figures themselves, with the comma before it.
std::string IntervalsJson(const Judgement& judgement) {
  const MetricIntervals& all = judgement.intervals;
  std::vector<std::string> classes;
  for (const Pattern pattern : kPatterns) {
    const MetricIntervals::OfClass& each = all.classes[static_cast<std::size_t>(pattern)];
    classes.push_back(absl::StrFormat("      \"%s\": {\"precision\": %s, \"recall\": %s, \"f1\": %s, \"auroc\": %s}",
                                      PatternName(pattern), Range(each.precision), Range(each.recall), Range(each.f1),
                                      Range(each.auroc)));
  }
  std::string json = absl::StrFormat(
      ",\n  \"intervals_95\": {\n    \"accuracy\": %s,\n    \"macro_auroc\": %s,\n    \"pneumonia_auroc\": %s,\n    "
      "\"ece\": %s,\n    \"classes\": {\n%s\n    }\n  }",
      Range(all.accuracy), Range(all.macro_auroc), Range(all.pneumonia_auroc), Range(all.expected_calibration_error),
      absl::StrJoin(classes, ",\n"));
  if (!judgement.cross_fitted.has_value()) return json + ",\n  \"ece_crossfitted\": null";
  absl::StrAppendFormat(&json, ",\n  \"ece_crossfitted\": {\"ece\": %.6f, \"interval_95\": %s, \"folds\": %d}",
                        judgement.cross_fitted->error, Range(judgement.cross_fitted->interval),
                        judgement.cross_fitted->folds);
  return json;
}

/// Without the closing brace.
std::string OpenJson(const Metrics& metrics) {
  std::string json = absl::StrFormat("{\n  \"count\": %d,\n  \"accuracy\": %s,\n  \"macro_auroc\": %s,\n",
                                     metrics.count, Number(metrics.accuracy), Number(metrics.macro_auroc));
  absl::StrAppendFormat(&json, "  \"pneumonia_auroc\": %s,\n  \"ece\": %s,\n  \"classes\": {\n",
                        Number(metrics.pneumonia_auroc), Number(metrics.expected_calibration_error));
  std::vector<std::string> classes;
  std::vector<std::string> order;
  std::vector<std::string> rows;
  for (const Pattern pattern : kPatterns) {
    const auto index = static_cast<std::size_t>(pattern);
    const ClassMetrics& each = metrics.classes[index];
    classes.push_back(
        absl::StrFormat("    \"%s\": {\"support\": %d, \"precision\": %s, \"recall\": %s, \"f1\": %s, \"auroc\": %s}",
                        PatternName(pattern), each.support, Number(each.precision), Number(each.recall),
                        Number(each.f1), Number(each.auroc)));
    order.push_back(absl::StrCat("\"", PatternName(pattern), "\""));
    rows.push_back(absl::StrCat("[", absl::StrJoin(metrics.confusion[index], ", "), "]"));
  }
  absl::StrAppend(&json, absl::StrJoin(classes, ",\n"), "\n  },\n  \"confusion_matrix\": {\n    \"order\": [",
                  absl::StrJoin(order, ", "), "],\n    \"rows_label_columns_predicted\": [", absl::StrJoin(rows, ", "),
                  "]\n  }");
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
  return text + ConfusionTable(metrics);
}

std::string FormatJson(const Metrics& metrics) {
  return OpenJson(metrics) + "\n}\n";
}

std::string FormatJson(const Judgement& judgement) {
  return absl::StrCat(OpenJson(judgement.metrics), IntervalsJson(judgement), "\n}\n");
}

std::string FormatPredictions(const std::vector<Sample>& samples, const std::vector<Prediction>& predictions) {
  std::string text = "file,label,p_bacteria,p_normal,p_virus,predicted,ood_score\n";
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const Prediction& each = predictions[i];
    absl::StrAppendFormat(&text, "%s,%s,%.6f,%.6f,%.6f,%s,%s\n", CsvField(samples[i].name), PatternName(each.label),
                          each.probabilities[0], each.probabilities[1], each.probabilities[2],
                          PatternName(each.predicted),
                          each.ood_score.has_value() ? absl::StrFormat("%.6f", *each.ood_score) : "");
  }
  return text;
}

}  // namespace cxr
