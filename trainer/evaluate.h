// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "absl/status/status.h"
#include "trainer/dataset.h"
#include "trainer/stop_signal.h"

namespace cxr {

struct EvaluateOptions {
  std::string model;                   ///< folder with manifest.json
  std::string data;                    ///< folder with one folder per class
  SplitName split = SplitName::kNone;  ///< judge these alone; kNone: all
  std::string out;                     ///< created; receives metrics.json, predictions.csv, plots (PNG) and report.html
  int resamples = 1000;                ///< of the bootstrap
  int folds = 5;                       ///< of the cross-fitted calibration error
  int threads = 2;
  std::string device = "cpu";
};

/// Judges a model on labelled pictures through the code that serves: the same loading, preprocessing, calibration and
/// decision. Prints the table on stdout. The error names the file that cannot be read.
[[nodiscard]] absl::Status Evaluate(const EvaluateOptions& options, const StopSignal& stop);

}  // namespace cxr
