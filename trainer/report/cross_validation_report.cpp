// SPDX-License-Identifier: Apache-2.0
#include "trainer/report/cross_validation_report.h"

#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "service/base/file.h"
#include "trainer/data/csv.h"
#include "trainer/judge/prediction_table.h"
#include "trainer/report/json.h"
#include "trainer/report/judgement_text.h"

namespace cxr {
namespace {

constexpr int kJsonPlaces = 6;  // of the numbers in metrics.json

Metrics MetricsOfFold(const CalibratedFolds& fitted, const std::vector<int>& assignment, std::size_t fold) {
  std::vector<Prediction> own;
  for (std::size_t i = 0; i < assignment.size(); ++i) {
    if (assignment[i] == static_cast<int>(fold)) own.push_back(fitted.predictions[i]);
  }
  return ComputeMetrics(own);
}

/// The figures of a fold that the table lists, in its order.
std::vector<double> TableFigures(const Metrics& metrics) {
  const double nan = std::nan("");
  return {metrics.accuracy.value_or(nan),
          metrics.macro_auroc.value_or(nan),
          metrics.pneumonia_auroc.value_or(nan),
          metrics.classes[0].recall.value_or(nan),
          metrics.classes[1].recall.value_or(nan),
          metrics.classes[2].recall.value_or(nan),
          metrics.expected_calibration_error.value_or(nan)};
}

std::string TableLine(const std::string& name, const std::vector<double>& figures) {
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
  return TableLine("mean", means) + TableLine("deviation", deviations);
}

}  // namespace

std::string FormatCrossValidationTable(const CrossValidated& result) {
  const CalibratedFolds& fitted = result.fitted;
  std::string text = "Every image judged by a network that has not seen its patient, calibrated on other patients\n\n";
  absl::StrAppend(&text, FormatTable(result.pooled), "\n");
  absl::StrAppendFormat(&text, "%-10s %9s %9s %9s %9s %9s %9s %9s\n", "fold", "accuracy", "AUROC", "pneumonia",
                        "recall B", "recall N", "recall V", "ECE");
  std::vector<std::vector<double>> rows;
  for (std::size_t fold = 0; fold < fitted.folds.size(); ++fold) {
    rows.push_back(TableFigures(MetricsOfFold(fitted, result.assignment, fold)));
    text += TableLine(absl::StrCat(fold + 1), rows.back());
  }
  return text + Summary(rows);
}

std::string FormatCrossValidationJson(const CrossValidated& result) {
  const CalibratedFolds& fitted = result.fitted;
  Json json = {{"pooled", ToJson(result.pooled)}, {"folds", Json::array()}};
  for (std::size_t fold = 0; fold < fitted.folds.size(); ++fold) {
    json["folds"].push_back({{"fold", fold + 1},
                             {"temperature", RoundedJson(fitted.folds[fold].temperature, kJsonPlaces)},
                             {"operating_point", RoundedJson(fitted.folds[fold].operating_point, kJsonPlaces)},
                             {"metrics", ToJson(MetricsOfFold(fitted, result.assignment, fold))}});
  }
  return json.dump(2) + "\n";
}

absl::Status WriteCrossValidation(const std::string& folder, const std::vector<LabelledImage>& images,
                                  const CrossValidated& result) {
  const CalibratedFolds& fitted = result.fitted;
  std::string rows = "file,label,patient,fold\n";
  for (std::size_t i = 0; i < images.size(); ++i) {
    absl::StrAppend(&rows, CsvField(images[i].name), ",", PatternName(images[i].label), ",",
                    CsvField(images[i].patient), ",", result.assignment[i] + 1, "\n");
  }
  absl::Status status = ReplaceFile(folder + "/folds.csv", rows);
  status.Update(ReplaceFile(folder + "/predictions.csv", FormatPredictions(images, fitted.predictions)));
  for (std::size_t fold = 0; fold < fitted.folds.size(); ++fold) {
    status.Update(ReplaceFile(absl::StrCat(folder, "/fold-", fold + 1, "/metrics.json"),
                              ToJson(MetricsOfFold(fitted, result.assignment, fold)).dump(2) + "\n"));
  }
  status.Update(ReplaceFile(folder + "/table.txt", FormatCrossValidationTable(result)));
  return status;
}

}  // namespace cxr
