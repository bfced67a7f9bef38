// SPDX-License-Identifier: Apache-2.0
#include "trainer/report/cross_validation_report.h"

#include <cmath>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "trainer/data/atomic_file.h"
#include "trainer/data/csv_table.h"
#include "trainer/report/report.h"

namespace cxr {
namespace {

Metrics MetricsOfFold(const CrossFitted& fitted, const std::vector<int>& assignment, std::size_t fold) {
  std::vector<Prediction> own;
  for (std::size_t i = 0; i < assignment.size(); ++i) {
    if (assignment[i] == static_cast<int>(fold)) own.push_back(fitted.predictions[i]);
  }
  return ComputeMetrics(own);
}

/// The figures of a fold that the table lists, in its order.
std::vector<double> Figures(const Metrics& metrics) {
  const double nan = std::nan("");
  return {metrics.accuracy.value_or(nan),
          metrics.macro_auroc.value_or(nan),
          metrics.pneumonia_auroc.value_or(nan),
          metrics.classes[0].recall.value_or(nan),
          metrics.classes[1].recall.value_or(nan),
          metrics.classes[2].recall.value_or(nan),
          metrics.expected_calibration_error.value_or(nan)};
}

std::string Line(const std::string& name, const std::vector<double>& figures) {
  std::string line = absl::StrFormat("%-10s", name);
  for (const double figure : figures) absl::StrAppendFormat(&line, " %9.4f", figure);
  return line + "\n";
}

/// Mean and standard deviation (n - 1) of each column.
std::string Summary(const std::vector<std::vector<double>>& rows) {
  std::vector<double> means;
  std::vector<double> deviations;
  const auto count = static_cast<double>(rows.size());
  for (std::size_t column = 0; column < rows.front().size(); ++column) {
    double sum = 0;
    for (const auto& row : rows) sum += row[column];
    double squares = 0;
    for (const auto& row : rows) squares += std::pow(row[column] - sum / count, 2);
    means.push_back(sum / count);
    deviations.push_back(std::sqrt(squares / (count - 1)));
  }
  return Line("mean", means) + Line("deviation", deviations);
}

}  // namespace

std::string FormatCrossValidationTable(const CrossValidated& result) {
  const CrossFitted& fitted = result.fitted;
  std::string text =
      "Every picture judged by a network that has not seen its patient, calibrated on other patients\n\n";
  absl::StrAppend(&text, FormatTable(result.pooled), "\n");
  absl::StrAppendFormat(&text, "%-10s %9s %9s %9s %9s %9s %9s %9s\n", "fold", "accuracy", "AUROC", "pneumonia",
                        "recall B", "recall N", "recall V", "ECE");
  std::vector<std::vector<double>> rows;
  for (std::size_t fold = 0; fold < fitted.folds.size(); ++fold) {
    rows.push_back(Figures(MetricsOfFold(fitted, result.assignment, fold)));
    text += Line(absl::StrCat(fold + 1), rows.back());
  }
  return text + Summary(rows);
}

std::string FormatCrossValidationJson(const CrossValidated& result) {
  const CrossFitted& fitted = result.fitted;
  std::vector<std::string> folds;
  for (std::size_t fold = 0; fold < fitted.folds.size(); ++fold) {
    std::string metrics = FormatJson(MetricsOfFold(fitted, result.assignment, fold));
    absl::StripTrailingAsciiWhitespace(&metrics);
    folds.push_back(absl::StrFormat("{\"fold\": %d, \"temperature\": %.6f, \"operating_point\": %.6f, \"metrics\": %s}",
                                    fold + 1, fitted.folds[fold].temperature, fitted.folds[fold].operating_point,
                                    metrics));
  }
  std::string pooled = FormatJson(result.pooled);
  absl::StripTrailingAsciiWhitespace(&pooled);
  return absl::StrCat("{\"pooled\": ", pooled, ",\n\"folds\": [\n", absl::StrJoin(folds, ",\n"), "\n]}\n");
}

absl::Status WriteCrossValidation(const std::string& folder, const std::vector<Sample>& samples,
                                  const CrossValidated& result) {
  const CrossFitted& fitted = result.fitted;
  std::string rows = "file,label,patient,fold\n";
  for (std::size_t i = 0; i < samples.size(); ++i) {
    absl::StrAppend(&rows, CsvField(samples[i].name), ",", PatternName(samples[i].label), ",",
                    CsvField(samples[i].patient), ",", result.assignment[i] + 1, "\n");
  }
  absl::Status status = WriteFile(folder + "/folds.csv", rows);
  status.Update(WriteFile(folder + "/predictions.csv", FormatPredictions(samples, fitted.predictions)));
  for (std::size_t fold = 0; fold < fitted.folds.size(); ++fold) {
    status.Update(WriteFile(absl::StrCat(folder, "/fold-", fold + 1, "/metrics.json"),
                            FormatJson(MetricsOfFold(fitted, result.assignment, fold))));
  }
  status.Update(WriteFile(folder + "/table.txt", FormatCrossValidationTable(result)));
  status.Update(WriteFile(folder + "/metrics.json", FormatCrossValidationJson(result)));
  return status;
}

}  // namespace cxr
