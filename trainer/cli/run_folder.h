// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "absl/status/status.h"
#include "trainer/learn/train_options.h"

namespace cxr {

/// The file that says that a run of `train` is finished: OUT/model/MODEL_CARD.md, which is written last. It has been in
/// every version, so runs of older ones count too.
[[nodiscard]] std::string TrainedMarker(const TrainOptions& options);

/// The file that says that a cross-validation is finished: OUT/metrics.json.
[[nodiscard]] std::string CrossValidatedMarker(const TrainOptions& options);

/// AlreadyExists where options.out holds a checkpoint, `marker` is not there, and the run shall not go on from it
/// (options.resume): that would throw the checkpoint away.
[[nodiscard]] absl::Status RefuseInterruptedRun(const TrainOptions& options, const std::string& marker);

/// Makes the run folder options.out and writes config.toml, unless the run goes on from a checkpoint.
[[nodiscard]] absl::Status PrepareFolder(const TrainOptions& options);

/// Removes what an earlier run left in options.out and would not belong to what follows: the marker first, then
/// metrics and manifest and, where the run does not resume, the checkpoint.
void RemoveResults(const TrainOptions& options);

/// Writes `marker` so that it is on disk, even after a power failure, only if everything else below `folder` is.
[[nodiscard]] absl::Status FinishFolder(const std::string& folder, const std::string& marker,
                                        const std::string& content);

}  // namespace cxr
