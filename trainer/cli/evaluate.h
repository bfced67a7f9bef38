// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "trainer/data/dataset.h"
#include "trainer/data/run_context.h"
#include "trainer/judge/judgement.h"
#include "trainer/report/plots.h"

namespace cxr {

struct EvaluateOptions {
  std::string model;                   ///< folder with manifest.json, or run folder of a training
  std::string data;                    ///< folder with one folder per class, or CSV file
  SplitName split = SplitName::kNone;  ///< judge these alone; kNone: all
  std::string out;                     ///< created; receives metrics.json, predictions.csv, plots (PNG) and report.html
  int resamples = 1000;                ///< of the bootstrap
  int folds = 5;                       ///< of the cross-fitted calibration error
  int threads = 2;
  std::string device = "cpu";
};

/// What stands beside the evaluation in report.html.
struct ReportExtras {
  std::string title;                                       ///< empty: "Evaluation of MODEL"
  std::vector<std::pair<std::string, std::string>> facts;  ///< before those of the evaluation
  std::vector<Plot> plots;                                 ///< after those of the evaluation
  std::vector<std::string> notes;
};

/// Judges the model at options.model on labelled images, exactly as it is served, and writes metrics.json,
/// predictions.csv, plots and report.html into options.out. The same model and images give the same figures. The
/// error names the file that is wrong.
[[nodiscard]] absl::StatusOr<Judgement> EvaluateImages(const EvaluateOptions& options,
                                                       const std::vector<LabelledImage>& images,
                                                       const RunContext& context, const ReportExtras& extras);

/// Judges the images of options.data and prints the table of figures on stdout.
[[nodiscard]] absl::Status Evaluate(const EvaluateOptions& options, const StopSignal& stop);

}  // namespace cxr
