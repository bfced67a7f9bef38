// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "absl/status/status.h"
#include "trainer/data/dataset.h"
#include "trainer/data/stop_signal.h"

namespace cxr {

struct ExplainOptions {
  std::string model;                   ///< folder with manifest.json
  std::string data;                    ///< folder with one folder per class
  SplitName split = SplitName::kNone;  ///< judge these alone; kNone: all
  std::string out;                     ///< created
  int pictures_per_sheet = 16;
  int overlays = 20;  ///< single overlays per class, at most
  int threads = 2;
  std::string device = "cpu";
};

/// Shows what a model looks at. Writes into options.out
///   sheets/CLASS_true_positives.png, ..._false_positives, ..._true_negatives, ..._false_negatives: for each class
///     against the rest by the decision rule, films beside the Grad-CAM of that class, in falling order of its
///     probability; where there are more pictures than fit, every n-th of them
///   overlays/CLASS/NAME.png: overlays as they are served, of pictures with that label
///   explain.json: the number of pictures in each sheet's group, and how much of the activation is inside the thorax
///     for correctly classified pneumonias (see thorax_mask.h)
/// Prints the shares on stdout. The error names the file that cannot be read.
[[nodiscard]] absl::Status Explain(const ExplainOptions& options, const StopSignal& stop);

}  // namespace cxr
