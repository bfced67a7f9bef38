// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "absl/status/status.h"
#include "trainer/data/run_context.h"
#include "trainer/learn/train_options.h"

namespace cxr {

/// Trains a model as `options` say and writes the run folder options.out:
///   config.toml      every option
///   environment.json what it ran on; split.csv: which image was used for what; images.png: some of them
///   curves.csv       one row per epoch
///   metrics.json, predictions.csv   the validation patients, calibrated, by the decision rule
///   test/            the same for the test patients, where the data name some
///   checkpoint.pt    where the run stands, for options.resume
///   report.html      the run for people, with its plots, which are beside it as PNG too
///   model/           model.pt, ood.safetensors, manifest.json, MODEL_CARD.md: what the service loads
/// Prints progress on stderr and the table of figures on stdout. The same options, data, number of threads and machine
/// give the same model, also if the run was killed at any moment and goes on with options.resume. The model's card is
/// written last, once everything else is on disk: a run without it was interrupted and is not overwritten without
/// options.resume. Cancelled when `stop` is requested; the run folder then holds no model that can be loaded. Throws
/// what LibTorch and OpenCV throw; see Guarded.
[[nodiscard]] absl::Status Train(const TrainOptions& options, const StopSignal& stop);

}  // namespace cxr
