// SPDX-License-Identifier: Apache-2.0
#include "trainer/report.h"

#include <fstream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "trainer/csv_table.h"

namespace cxr {
namespace {

std::string Cell(const absl::optional<double>& value) {
  return value.has_value() ? absl::StrFormat("%.4f", *value) : "-";
}

std::string Number(const absl::optional<double>& value) {
  return value.has_value() ? absl::StrFormat("%.6f", *value) : "null";
}

}  // namespace

std::string FormatTable(const Metrics& metrics) {
  std::string text =
      absl::StrFormat("%-10s %8s %10s %8s %8s %8s\n", "class", "pictures", "precision", "recall", "F1", "AUROC");
  for (const Pattern pattern : kPatterns) {
    const ClassMetrics& each = metrics.classes[static_cast<std::size_t>(pattern)];
    absl::StrAppendFormat(&text, "%-10s %8d %10s %8s %8s %8s\n", PatternName(pattern), each.support,
                          Cell(each.precision), Cell(each.recall), Cell(each.f1), Cell(each.auroc));
  }
  absl::StrAppendFormat(
      &text, "\naccuracy %s   macro AUROC %s   pneumonia AUROC %s   calibration error (ECE) %s   pictures %d\n",
      Cell(metrics.accuracy), Cell(metrics.macro_auroc), Cell(metrics.pneumonia_auroc),
      Cell(metrics.expected_calibration_error), metrics.count);
  absl::StrAppendFormat(&text, "\n%-18s", "label \\ predicted");
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

std::string FormatJson(const Metrics& metrics) {
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
                  "]\n  }\n}\n");
  return json;
}

std::string FormatPredictions(const std::vector<Sample>& samples, const std::vector<Prediction>& predictions) {
  std::string text = "file,label,p_bacteria,p_normal,p_virus,predicted,ood_score\n";
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const Prediction& each = predictions[i];
    absl::StrAppendFormat(&text, "%s,%s,%.6f,%.6f,%.6f,%s,\n", CsvField(samples[i].name), PatternName(each.label),
                          each.probabilities[0], each.probabilities[1], each.probabilities[2],
                          PatternName(each.predicted));
  }
  return text;
}

absl::Status WriteFile(const std::string& path, const std::string& content) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << content;
  if (!file.flush()) return absl::UnavailableError(absl::StrCat("cannot write ", path));
  return absl::OkStatus();
}

}  // namespace cxr
