// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace cxr {

/// Turns the signals that ask a service to end into something to wait for. SIGTERM and SIGINT end it; SIGHUP and
/// SIGUSR1 are logged and change nothing; SIGPIPE is ignored: a reader of our output that goes away must not end the
/// service. Create it before any thread starts, so that all threads hold the signals back. Used by one thread.
class Termination {
 public:
  Termination();
  ~Termination();
  Termination(const Termination&) = delete;
  Termination& operator=(const Termination&) = delete;

  /// Waits for SIGTERM or SIGINT and returns its name. One that came since the construction is not missed.
  [[nodiscard]] const char* Await() { return AwaitOr(-1); }

  /// The same, but returns nullptr when `descriptor` becomes readable first.
  [[nodiscard]] const char* AwaitOr(int descriptor);

 private:
  int signals_ = -1;
};

}  // namespace cxr
