// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "trainer/data/patient_split.h"

namespace cxr {

/// The fold, 0 to folds - 1, of each sample: all pictures of a patient in one fold, each class spread evenly over the
/// folds by pictures (a patient with pictures of two classes counts for that of the first). Follows from the samples,
/// `folds` and `seed` alone.
[[nodiscard]] std::vector<int> AssignFolds(const std::vector<Sample>& samples, int folds, std::uint64_t seed);

/// The samples of `fold` as validation, all others as training, in order. `assignment` is AssignFolds of them.
[[nodiscard]] Split HoldOutFold(const std::vector<Sample>& samples, const std::vector<int>& assignment, int fold);

}  // namespace cxr
