// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "service/core/analysis.h"

namespace cxr {

/// Records the wall time of consecutive stages. Used by one thread.
class Stopwatch {
 public:
  using Clock = std::chrono::steady_clock;

  /// Ends the stage in progress, if any, and begins `stage`; the stage in progress itself goes on.
  void Begin(std::string stage) {
    if (running_ && stage == current_) return;
    End();
    running_ = true;
    current_ = std::move(stage);
    began_ = Clock::now();
  }

  /// Ends the stage in progress, if any.
  void End() {
    if (!running_) return;
    stages_.push_back(
        {std::move(current_), std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - began_)});
    running_ = false;
  }

  /// Adds a stage that was measured elsewhere.
  void Add(StageTime stage) { stages_.push_back(std::move(stage)); }

  [[nodiscard]] const std::vector<StageTime>& stages() const { return stages_; }

 private:
  std::vector<StageTime> stages_;
  std::string current_;
  Clock::time_point began_{};
  bool running_ = false;
};

}  // namespace cxr
