// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "trainer/data/dataset.h"

namespace cxr {

struct Split {
  std::vector<Sample> training;
  std::vector<Sample> validation;
  std::vector<Sample> test;  ///< held out from training and calibration; only where the data say so
};

/// Gives about `validation_fraction` of each class's pictures to validation, whole patients at a time: no patient is on
/// both sides. A patient with pictures of two classes counts for the class of the first. At least one patient of each
/// class stays for training. The same samples, fraction and seed give the same split.
[[nodiscard]] Split SplitByPatient(const std::vector<Sample>& samples, double validation_fraction, std::uint64_t seed);

/// The split that the data name (SplitName); training and validation by SplitByPatient where they name none.
[[nodiscard]] Split SplitAsStated(const std::vector<Sample>& samples, double validation_fraction, std::uint64_t seed);

}  // namespace cxr
