// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <random>

#include "absl/time/time.h"

namespace cxr {

/// Exponential backoff with equal jitter: the delay before retry `n` (0 is the first) is half to all of
/// min(max, initial * 2^n), placed by `unit`, a random number from 0 to 1. The jitter keeps many clients from coming
/// back at the same moment.
struct Backoff {
  absl::Duration initial = absl::Seconds(1);
  absl::Duration max = absl::Seconds(30);

  [[nodiscard]] absl::Duration Delay(int n, double unit) const;
};

/// The delays of one series of retries, one after another, with its own random numbers. Used by one thread.
class BackoffSeries {
 public:
  BackoffSeries(const Backoff& backoff, std::uint32_t seed) : backoff_(backoff), random_(seed) {}

  [[nodiscard]] absl::Duration Next();

 private:
  Backoff backoff_;
  std::minstd_rand random_;
  int retries_ = 0;
};

}  // namespace cxr
