// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/core/backoff.h"

#include <algorithm>
#include <cmath>

namespace cxr::plugin {

absl::Duration Backoff::Delay(int n, double unit) const {
  constexpr int kLargestExponent = 30;  // far beyond any maximum, and safe to raise
  const double factor = std::ldexp(1.0, std::clamp(n, 0, kLargestExponent));
  const absl::Duration full = std::min(max, initial * factor);
  return full * (0.5 + 0.5 * std::clamp(unit, 0.0, 1.0));
}

}  // namespace cxr::plugin
