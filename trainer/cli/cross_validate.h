// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "absl/status/status.h"
#include "trainer/data/run_context.h"
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
///   config.toml, folds.csv   every option; the fold of each image
///   predictions.csv          each image, by the network that has not seen it
///   table.txt                the table that is printed
///   fold-N/                  what training wrote; metrics.json of the fold
///   metrics.json             pooled over all images, and of each fold; written last, once all else is on disk
/// Prints the table on stdout. With resume it goes on where an interrupted run of the same recipe stood; without, the
/// checkpoints of an interrupted one are not overwritten. Cancelled when `stop` is requested. Throws what LibTorch and
/// OpenCV throw; see Guarded.
[[nodiscard]] absl::Status CrossValidate(const CrossValidationOptions& options, const StopSignal& stop);

}  // namespace cxr
