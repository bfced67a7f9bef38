// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "absl/status/status.h"
#include "trainer/data/stop_signal.h"
#include "trainer/learn/train_options.h"

namespace cxr {

struct CrossValidationOptions {
  TrainOptions train;  ///< the recipe to judge; out receives the results
  int folds = 5;
  bool frozen_only = false;  ///< the head alone, on features that are extracted once for all folds
};

/// Judges a recipe on every patient: folds by patient (AssignFolds), each judged by a network that was trained without
/// it. Where the recipe selects on validation (early stopping, best epoch), that validation is taken from the training
/// folds, so that the judged fold chooses nothing; otherwise all of them train. Temperature and operating point of a
/// fold are fitted on the other folds (CalibrateFolds). Writes into options.train.out:
///   config.toml, folds.csv   every option; the fold of each picture
///   predictions.csv          each picture, by the network that has not seen it
///   metrics.json             pooled over all pictures, and of each fold
///   fold-N/                  what training wrote
/// Prints the table on stdout. With resume it goes on where an interrupted run of the same recipe stood. Cancelled when
/// `stop` is requested.
[[nodiscard]] absl::Status CrossValidate(const CrossValidationOptions& options, const StopSignal& stop);

}  // namespace cxr
