// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "absl/time/time.h"

namespace cxr::plugin {

/// Runs steps, each on a thread of its own, until stopped. A step returns when it wants to be called again; Wake calls
/// it earlier. A step that throws is reported and called again a second later. Start and Stop belong to one thread;
/// Wake is thread-safe and never waits for a step.
class Runner {
 public:
  using Step = std::function<absl::Time()>;
  using TroubleHandler = std::function<void(const char* what)>;

  Runner(std::vector<Step> steps, TroubleHandler on_trouble);
  ~Runner();
  Runner(const Runner&) = delete;
  Runner& operator=(const Runner&) = delete;

  void Start();

  /// Lets no step begin any more. Steps in progress go on.
  void RequestStop();

  /// RequestStop, and waits for the steps in progress.
  void Stop();

  void Wake();

 private:
  void Loop(const Step& step);
  [[nodiscard]] absl::Time RunGuarded(const Step& step) const;

  const std::vector<Step> steps_;
  const TroubleHandler on_trouble_;
  std::vector<std::thread> threads_;
  std::mutex mutex_;  ///< guards stopping_ and wakes_
  std::condition_variable changed_;
  bool stopping_ = false;
  std::uint64_t wakes_ = 0;
};

}  // namespace cxr::plugin
