// SPDX-License-Identifier: Apache-2.0
#include "trainer/cli/compare.h"

#include <cstdio>
#include <string>

#include "absl/strings/str_cat.h"

namespace cxr {
namespace {

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
  const auto comparison = CompareModels(options.files, options.resamples);
  if (!comparison.ok()) return comparison.status();
  const Metrics& before = comparison->baseline;
  const Metrics& after = comparison->model;
  const MetricIntervals& gain = comparison->difference;
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
