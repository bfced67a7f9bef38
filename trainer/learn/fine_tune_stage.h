// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "absl/status/status.h"
#include "trainer/data/dataset.h"
#include "trainer/data/run_context.h"
#include "trainer/data/split.h"
#include "trainer/learn/curves.h"
#include "trainer/learn/loss.h"
#include "trainer/learn/network.h"

namespace cxr {

/// The checkpoint of a run: OUT/checkpoint.pt.
[[nodiscard]] std::string CheckpointPath(const TrainOptions& options);

/// Whether a run goes on from its checkpoint: it was asked to, and there is one.
[[nodiscard]] bool Resumes(const TrainOptions& options);

/// The error of what keeps a run from going on from its checkpoint, where Resumes says so: a broken file, an option or
/// data that differ.
[[nodiscard]] absl::Status CheckResumable(const TrainOptions& options, const Split& split);

/// Trains the layers from options.fine_tune_from on for at most options.fine_tune_epochs epochs: AdamW, linear warm-up
/// over the first tenth and cosine decay, an exponential moving average of the weights. Each epoch is validated with
/// the averaged weights and adds a row to `curves`; without progress for early_stop_patience epochs the run ends. On
/// success `network` holds the averaged weights, of the best epoch if keep_best says so; then ReestimateBatchNorm.
///
/// Writes the checkpoint at the start, every options.checkpoint_steps batches, and at the end of each epoch. A run that
/// resumes from it ends with the very bits that an uninterrupted one on the same machine and threads ends with. The
/// error says which option or data differs from the checkpoint's. Cancelled when `stop` is requested, after a
/// checkpoint.
[[nodiscard]] absl::Status FineTune(const TrainOptions& options, const Split& split, const Loss& loss,
                                    const RunContext& context, TrainableNetwork& network, Curves& curves);

/// Puts the weights into `network` that a run with these options and this data would end with if it ended at this
/// checkpoint. The error says what is wrong with the file, or which option or data differs.
[[nodiscard]] absl::Status RestoreResult(const TrainOptions& options, const Split& split, const std::string& checkpoint,
                                         const RunContext& context, TrainableNetwork& network);

}  // namespace cxr
