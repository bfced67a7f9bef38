// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <vector>

namespace cxr {

/// Seconds that the parts of a training step took, one after the other. On a device that works on its own (CUDA) the
/// calls return early, and the last part, which asks for the loss, has the time of all.
struct StepTimes {
  double wait = 0;      ///< for images
  double forward = 0;   ///< up to the loss
  double backward = 0;  ///< gradients
  double update = 0;    ///< clipping, optimiser, averaged weights

  [[nodiscard]] double Total() const { return wait + forward + backward + update; }
};

/// The part of all these steps' time that was spent waiting for images, 0 to 1.
[[nodiscard]] inline double WaitShare(const std::vector<StepTimes>& steps) {
  double waited = 0;
  double total = 0;
  for (const StepTimes& step : steps) {
    waited += step.wait;
    total += step.Total();
  }
  return total > 0 ? waited / total : 0;
}

/// Takes the seconds since it was made or asked last.
class LapWatch {
 public:
  [[nodiscard]] double Lap() {
    const auto now = std::chrono::steady_clock::now();
    const std::chrono::duration<double> lap = now - start_;
    start_ = now;
    return lap.count();
  }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace cxr
