// SPDX-License-Identifier: Apache-2.0
#include "trainer/cli/compare.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <map>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "service/model/read_file.h"
#include "trainer/data/csv_table.h"
#include "trainer/data/dataset.h"
#include "trainer/judge/bootstrap.h"
#include "trainer/judge/metrics.h"

namespace cxr {
namespace {

constexpr std::uint64_t kMaxCsv = 256U << 20U;
constexpr std::array<const char*, 6> kColumns = {"file", "label", "p_bacteria", "p_normal", "p_virus", "predicted"};

using Named = std::map<std::string, Prediction>;

absl::StatusOr<Prediction> ParsePrediction(const std::vector<std::string>& fields) {
  Prediction prediction;
  const auto label = ParsePattern(fields[1]);
  const auto predicted = ParsePattern(fields[5]);
  if (!label.has_value() || !predicted.has_value())
    return absl::InvalidArgumentError("label and predicted: expected BACTERIA, NORMAL or VIRUS");
  prediction.label = *label;
  prediction.predicted = *predicted;
  for (std::size_t i = 0; i < kPatternCount; ++i) {
    if (!absl::SimpleAtod(fields[2 + i], &prediction.probabilities[i]))
      return absl::InvalidArgumentError(absl::StrCat(fields[2 + i], " is no probability"));
  }
  return prediction;
}

absl::StatusOr<Named> ReadPredictions(const std::string& path) {
  const auto text = ReadFile(path, kMaxCsv);
  if (!text.ok()) return text.status();
  const auto rows = ParseCsv(*text);
  if (!rows.ok()) return absl::InvalidArgumentError(absl::StrCat(path, ": ", rows.status().message()));
  const auto is_header = [](const CsvRow& row) {
    return row.fields.size() >= kColumns.size() && std::equal(kColumns.begin(), kColumns.end(), row.fields.begin());
  };
  if (rows->empty() || !is_header(rows->front()))
    return absl::InvalidArgumentError(absl::StrCat(path, " is no predictions.csv of cxr-train evaluate"));
  Named named;
  for (std::size_t i = 1; i < rows->size(); ++i) {
    const CsvRow& row = (*rows)[i];
    if (row.fields.size() != rows->front().fields.size())
      return absl::InvalidArgumentError(absl::StrCat(path, ":", row.line, ": ", row.fields.size(), " fields"));
    const auto prediction = ParsePrediction(row.fields);
    if (!prediction.ok())
      return absl::InvalidArgumentError(absl::StrCat(path, ":", row.line, ": ", prediction.status().message()));
    named[row.fields[0]] = *prediction;
  }
  return named;
}

absl::StatusOr<std::map<std::string, std::string>> Patients(const CompareOptions& options, const Named& predictions) {
  std::map<std::string, std::string> patients;
  if (options.data.empty()) {
    for (const auto& [file, prediction] : predictions)
      patients[file] = PatientKey(std::filesystem::path(file).filename().string());
    return patients;
  }
  const auto samples = ListSamples(options.data);
  if (!samples.ok()) return samples.status();
  for (const Sample& sample : *samples) patients[sample.name] = sample.patient;
  return patients;
}

/// The two models' predictions of the same pictures, in the same order.
struct Pairs {
  std::vector<Prediction> baseline;
  std::vector<Prediction> model;
  std::vector<std::string> patients;
};

absl::StatusOr<Pairs> Pair(const CompareOptions& options) {
  const auto baseline = ReadPredictions(options.baseline);
  if (!baseline.ok()) return baseline.status();
  const auto model = ReadPredictions(options.model);
  if (!model.ok()) return model.status();
  const auto patients = Patients(options, *baseline);
  if (!patients.ok()) return patients.status();
  if (baseline->size() != model->size()) {
    return absl::InvalidArgumentError(absl::StrCat(options.baseline, " judges ", baseline->size(), " pictures, ",
                                                   options.model, " ", model->size(), ": expected the same"));
  }
  Pairs pairs;
  for (const auto& [file, prediction] : *baseline) {
    const auto other = model->find(file);
    if (other == model->end() || other->second.label != prediction.label)
      return absl::InvalidArgumentError(absl::StrCat(options.model, " lacks ", file, " with the same label"));
    const auto patient = patients->find(file);
    if (patient == patients->end()) return absl::NotFoundError(absl::StrCat(options.data, " does not name ", file));
    pairs.baseline.push_back(prediction);
    pairs.model.push_back(other->second);
    pairs.patients.push_back(patient->second);
  }
  return pairs;
}

void PrintRow(const std::string& name, const absl::optional<double>& before, const absl::optional<double>& after,
              const absl::optional<Interval>& interval) {
  if (!before.has_value() || !after.has_value()) return;
  std::printf("%-18s %9.4f %9.4f %+11.4f", name.c_str(), *before, *after, *after - *before);
  if (interval.has_value()) {
    const bool real = interval->low > 0 || interval->high < 0;
    std::printf("  %+.4f to %+.4f%s", interval->low, interval->high, real ? "  *" : "");
  }
  std::printf("\n");
}

}  // namespace

absl::Status Compare(const CompareOptions& options) {
  const auto pairs = Pair(options);
  if (!pairs.ok()) return pairs.status();
  const Metrics before = ComputeMetrics(pairs->baseline);
  const Metrics after = ComputeMetrics(pairs->model);
  const MetricIntervals gain =
      BootstrapDifference(pairs->baseline, pairs->model, pairs->patients, {options.resamples, 1});
  std::printf("%-18s %9s %9s %11s  95 %% interval of the difference, paired, by patient (* without 0)\n", "figure",
              "baseline", "model", "difference");
  PrintRow("accuracy", before.accuracy, after.accuracy, gain.accuracy);
  PrintRow("macro AUROC", before.macro_auroc, after.macro_auroc, gain.macro_auroc);
  PrintRow("pneumonia AUROC", before.pneumonia_auroc, after.pneumonia_auroc, gain.pneumonia_auroc);
  for (const Pattern pattern : kPatterns) {
    const auto index = static_cast<std::size_t>(pattern);
    PrintRow(absl::StrCat("recall ", PatternName(pattern)), before.classes[index].recall, after.classes[index].recall,
             gain.classes[index].recall);
  }
  PrintRow("ECE", before.expected_calibration_error, after.expected_calibration_error, gain.expected_calibration_error);
  return absl::OkStatus();
}

}  // namespace cxr
