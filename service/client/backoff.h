// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <random>

namespace cxr {

/// The pauses between attempts: 100 ms, doubled each time up to 2 s, each shortened at random by up to a half, so that
/// many clients do not come back at the same moment. Used by one thread.
class Backoff {
 public:
  explicit Backoff(std::uint32_t seed) : random_(seed) {}

  [[nodiscard]] std::chrono::milliseconds Next();

 private:
  std::minstd_rand random_;
  std::chrono::milliseconds longest_{100};
};

}  // namespace cxr
