// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <mutex>
#include <ostream>
#include <stop_token>
#include <thread>

#include "absl/strings/string_view.h"

namespace cxr {

/// Messages and progress for people: a bar that is redrawn on a terminal, otherwise a line now and then. Thread-safe.
class Console {
 public:
  /// `stream` must outlive the console; `is_terminal` says whether it obeys a carriage return.
  Console(std::ostream& stream, bool is_terminal) : stream_(&stream), is_terminal_(is_terminal) {}

  /// Begins counting to `total`.
  void Start(std::size_t total);

  /// One more is done.
  void Advance();

  /// Ends the bar's line.
  void Finish();

  /// Writes a line, above the bar when there is one.
  void Say(absl::string_view line);

 private:
  void Draw();

  std::mutex mutex_;
  std::ostream* stream_;
  bool is_terminal_;
  bool running_ = false;
  std::size_t done_ = 0;
  std::size_t total_ = 0;
  std::chrono::steady_clock::time_point last_line_{};
};

/// Turns the first SIGINT or SIGTERM into a stop request; the second ends the process as usual. To be made before any
/// other thread, since the signals are blocked for every thread that is started later.
class Interrupt {
 public:
  Interrupt();
  ~Interrupt();

  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  [[nodiscard]] std::stop_token token() const { return source_.get_token(); }

 private:
  std::stop_source source_;
  std::jthread listener_;
};

}  // namespace cxr
