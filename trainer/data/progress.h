// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdio>
#include <mutex>
#include <string>

namespace cxr {

/// A progress line on stderr: what is done of how much, images per second, time left. On a terminal it is one line that
/// is redrawn; elsewhere it is a plain line every ten seconds and one at the end. Thread-safe.
class Progress {
 public:
  Progress(std::string label, std::size_t total);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// `images` more are done; `note` is shown behind the numbers (a loss, say).
  void Add(std::size_t images, const std::string& note = {});

  /// Images per second since the start.
  [[nodiscard]] double Rate() const;

 private:
  using Clock = std::chrono::steady_clock;
  void Draw(const std::string& note, bool last);
  [[nodiscard]] double RateLocked() const;

  const std::string label_;
  const std::size_t total_;
  const bool terminal_;
  const Clock::time_point start_;
  mutable std::mutex mutex_;
  std::size_t done_ = 0;
  Clock::time_point drawn_;
};

/// "1:05" or "1:02:33".
[[nodiscard]] std::string FormatDuration(double seconds);

}  // namespace cxr
