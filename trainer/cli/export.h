// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "absl/status/status.h"
#include "trainer/data/run_context.h"

namespace cxr {

struct ExportOptions {
  std::string checkpoint;        ///< checkpoint.pt of a run
  std::string cross_validation;  ///< table.txt of a cross-validation of the recipe, for the card; or empty
  std::string out;               ///< folder of the model, created
  std::string data;              ///< empty: where the run had them
  bool balance_recall = false;   ///< also where the run did not ask for it
  int threads = 2;
  std::string device = "cpu";
};

/// Makes a model of a checkpoint, of a run that is over or not: the averaged (or best) weights, calibrated and judged
/// on the run's validation patients, which is why the run's data are needed. Writes into options.out model.pt,
/// manifest.json, MODEL_CARD.md, metrics.json and predictions.csv, and prints the table on stdout. Of a run that is
/// over it is the model that the run itself wrote. The error says
/// what is wrong with the checkpoint, or that the data are not those that the run was split from. Cancelled when `stop`
/// is requested.
[[nodiscard]] absl::Status Export(const ExportOptions& options, const StopSignal& stop);

}  // namespace cxr
