// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "trainer/learn/train_options.h"

namespace cxr {

/// What a run ran on, as JSON: versions of the trainer, its libraries and compiler, processor, cores, memory, system,
/// device, threads, every seed, and the environment variables that change how OpenMP computes. Names no user or host.
[[nodiscard]] std::string FormatEnvironment(const TrainOptions& options);

}  // namespace cxr
