// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "trainer/learn/step_times.h"
#include "trainer/learn/train_options.h"

namespace cxr::bench {

/// What training_throughput.py printed.
struct PythonRun {
  std::string versions;  ///< "torch 1.13.0a0 opencv 4.6.0"
  std::vector<StepTimes> steps;
};

/// Runs training_throughput.py, which lies beside this program, for `steps` steps in a process of its own, with the
/// precision, batch, threads and loaders of `options` on the images in `folder`. Throws std::runtime_error when it
/// fails; what is missing it has then said on stderr.
[[nodiscard]] PythonRun TrainInPython(const TrainOptions& options, const std::string& folder, int steps,
                                      bool keep_memory);

}  // namespace cxr::bench
