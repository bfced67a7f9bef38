// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "trainer/data/patient_split.h"
#include "trainer/data/run_context.h"
#include "trainer/learn/network.h"

namespace cxr {

/// Makes the run folder options.out and writes config.toml, unless the run goes on from a checkpoint. The error of an
/// interrupted run in the folder says that it needs options.resume.
[[nodiscard]] absl::Status PrepareFolder(const TrainOptions& options);

/// Both stages on split.training, in the folder options.out (split.csv, curves.csv, checkpoint.pt). Metrics and model
/// of an earlier run there are no longer valid and go away, except when the run cannot go on from its checkpoint.
/// Returns the network that the run ends with.
[[nodiscard]] absl::StatusOr<TrainableNetwork> TrainNetwork(const TrainOptions& options, const Split& split,
                                                            const RunContext& context);

/// The number of patients.
[[nodiscard]] std::size_t CountPatients(const std::vector<Sample>& samples);

}  // namespace cxr
