// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace cxr::plugin {

/// The time, as a port: tests bring their own. Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual absl::Time Now() const = 0;
};

/// The time of the machine.
class SystemClock : public Clock {
 public:
  [[nodiscard]] absl::Time Now() const override { return absl::Now(); }
};

}  // namespace cxr::plugin
