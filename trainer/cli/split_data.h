// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "trainer/data/dataset.h"

namespace cxr {

/// Which patients are held out of a class: any, or those with the lowest numbers of each series ("IM", "NORMAL2-IM",
/// "bacteria", "virus" of the public data). Series were taken one after the other, so the latter differ from the rest
/// as pictures of another year might, which random patients do not.
enum class HoldOut { kRandom, kFirstNumbers };

struct SplitDataOptions {
  std::string data;
  std::string out;  ///< CSV file
  double validation_fraction = 0.1;
  double test_fraction = 0.1;
  HoldOut hold_out = HoldOut::kRandom;
  std::uint64_t seed = 1;
};

/// Gives each sample its split: of each class (kRandom) or series (kFirstNumbers) about the wanted share of pictures to
/// test and validation, whole patients at a time, the rest to training. At least one patient of each stays there. The
/// same samples and options give the same split.
void AssignSplits(const SplitDataOptions& options, std::vector<Sample>& samples);

/// Writes the pictures of options.data with their split as a CSV file that every command takes as --data, and prints
/// how many pictures and patients each part has.
[[nodiscard]] absl::Status SplitData(const SplitDataOptions& options);

}  // namespace cxr
