// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "trainer/data/run_context.h"
#include "trainer/judge/outlier_fit.h"

namespace cxr {

struct FitOodOptions {
  OutlierFitOptions fit;
  std::string data;                   ///< folder with one folder per class: images that the model was trained on
  double validation_fraction = 0.15;  ///< of each class, by patient: chooses the threshold
  std::uint64_t seed = 1;             ///< of the split; with the fraction and seed of the training it is the same split
  int threads = 2;
};

/// Gives an existing model its out-of-distribution score.
[[nodiscard]] absl::Status FitOod(const FitOodOptions& options, const StopSignal& stop);

}  // namespace cxr
