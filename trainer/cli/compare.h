// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "absl/status/status.h"
#include "trainer/judge/comparison.h"

namespace cxr {

struct CompareOptions {
  ComparisonFiles files;
  int resamples = 1000;
};

/// Prints the figures of two models on the same images and the difference of each with its 95 % interval. See
/// CompareModels.
[[nodiscard]] absl::Status Compare(const CompareOptions& options);

}  // namespace cxr
