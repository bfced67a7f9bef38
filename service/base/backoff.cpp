// SPDX-License-Identifier: Apache-2.0
#include "service/base/backoff.h"

#include <algorithm>
#include <cmath>

namespace cxr {
namespace {

constexpr int kLargestExponent = 30;  // far beyond any maximum, and safe to raise

}  // namespace

absl::Duration Backoff::Delay(int n, double unit) const {
  const double factor = std::ldexp(1.0, std::clamp(n, 0, kLargestExponent));
  const absl::Duration full = std::min(max, initial * factor);
  return full * (0.5 + 0.5 * std::clamp(unit, 0.0, 1.0));
}

absl::Duration BackoffSeries::Next() {
  const double unit = std::uniform_real_distribution<double>(0.0, 1.0)(random_);
  const absl::Duration delay = backoff_.Delay(retries_, unit);
  retries_ = std::min(retries_ + 1, kLargestExponent);
  return delay;
}

}  // namespace cxr
