// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace cxr {

/// Turns SIGINT and SIGTERM into a question that loops can ask. Create it once, before any thread starts: the threads
/// inherit that the signals are blocked. Thread-safe.
class StopSignal {
 public:
  StopSignal();
  ~StopSignal();
  StopSignal(const StopSignal&) = delete;
  StopSignal& operator=(const StopSignal&) = delete;

  /// True once SIGINT or SIGTERM has arrived.
  [[nodiscard]] bool Requested() const;

 private:
  int descriptor_;
};

}  // namespace cxr
