// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "absl/status/status.h"
#include "trainer/data/dataset.h"
#include "trainer/data/run_context.h"
#include "trainer/report/explanation_report.h"

namespace cxr {

struct ExplainOptions {
  std::string model;                   ///< folder with manifest.json
  std::string data;                    ///< folder with one folder per class, or CSV file
  SplitName split = SplitName::kNone;  ///< judge these alone; kNone: all
  SheetOptions sheets;                 ///< whose folder is created
  int threads = 2;
  std::string device = "cpu";
};

/// Shows what a model looks at. Writes into options.sheets.folder
///   sheets/CLASS_true_positives.png, ..._false_positives, ..._true_negatives, ..._false_negatives: for each class
///     against the rest by the decision rule, radiographs beside the Grad-CAM of that class, in falling order of its
///     probability; where there are more images than fit, every n-th of them
///   overlays/CLASS/NAME.png: overlays as they are served, of images with that label
///   explain.json: the number of images in each sheet's group, and how much of the activation is inside the thorax
///     for correctly classified pneumonias (see ThoraxMask)
/// Prints the shares on stdout. The error names the file that cannot be read.
[[nodiscard]] absl::Status Explain(const ExplainOptions& options, const StopSignal& stop);

}  // namespace cxr
