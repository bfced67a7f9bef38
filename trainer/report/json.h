// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>

#include "absl/types/optional.h"
#include "nlohmann/json.hpp"

namespace cxr {

/// Keeps the order in which keys were added.
using Json = nlohmann::ordered_json;

/// A number with so many decimal places, as the reports give it; null for what is not defined.
[[nodiscard]] inline Json RoundedJson(const absl::optional<double>& value, int places) {
  if (!value.has_value()) return nullptr;
  const double scale = std::pow(10.0, places);
  return std::round(*value * scale) / scale;
}

}  // namespace cxr
