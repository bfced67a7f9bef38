// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "absl/time/time.h"

namespace cxr::plugin {

/// Exponential backoff with equal jitter: the delay before retry `n` (0 is the first) is half to all of
/// min(max, initial * 2^n), placed by `unit`, a random number from 0 to 1.
struct Backoff {
  absl::Duration initial = absl::Seconds(1);
  absl::Duration max = absl::Seconds(30);

  [[nodiscard]] absl::Duration Delay(int n, double unit) const;
};

}  // namespace cxr::plugin
