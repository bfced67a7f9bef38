// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "absl/status/status.h"
#include "trainer/data/split.h"

namespace cxr {

struct SplitDataOptions {
  std::string data;
  std::string out;  ///< CSV file
  HoldOutOptions hold_out;
};

/// Writes the images of options.data with their split as a CSV file that every command takes as --data, and prints
/// how many images and patients each part has.
[[nodiscard]] absl::Status SplitData(const SplitDataOptions& options);

}  // namespace cxr
