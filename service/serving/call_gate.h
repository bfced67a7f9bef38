// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace cxr {

/// The life of a service, in this order; there is no way back, and a state may be passed over.
enum class ServingState {
  kStarting,  ///< listens; has no model yet, so that calls are refused
  kServing,   ///< calls are let in
  kDraining,  ///< new calls are refused, those that were let in go on
  kStopped,   ///< no call is in progress any more, or the time to drain is over
};

/// Lets calls in while the service serves, and counts them from their first byte to their answer, so that an end of the
/// service can wait for them. Thread-safe. Must outlive its passes.
class CallGate {
 public:
  /// One call in progress, counted until it is destroyed.
  class Pass {
   public:
    Pass(Pass&& other) noexcept : gate_(std::exchange(other.gate_, nullptr)) {}
    Pass& operator=(Pass&&) = delete;
    ~Pass() {
      if (gate_ != nullptr) gate_->Leave();
    }

   private:
    friend class CallGate;
    explicit Pass(CallGate& gate) : gate_(&gate) {}
    CallGate* gate_;
  };

  /// `max_calls` may be in progress at once.
  explicit CallGate(int max_calls);

  /// From kStarting to kServing; in a later state it changes nothing.
  void Open();

  /// Lets a call in. Failures: kNotServing unless the state is kServing, kOverloaded beyond `max_calls`.
  [[nodiscard]] absl::StatusOr<Pass> Enter();

  /// Refuses new calls and waits until those in progress have ended; then the service is stopped. At `deadline` it is
  /// stopped too, and the result is DEADLINE_EXCEEDED with the number of calls still in progress. May be called again.
  [[nodiscard]] absl::Status Drain(std::chrono::system_clock::time_point deadline);

  /// Waits until a call has come since the last time, and then none has been in progress for `quiet`; false: the
  /// service is stopped. For one thread.
  [[nodiscard]] bool AwaitRest(std::chrono::milliseconds quiet);

  [[nodiscard]] ServingState state() const;
  [[nodiscard]] int calls() const;  ///< in progress

 private:
  void Leave();

  const int max_calls_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  ServingState state_ = ServingState::kStarting;  ///< guarded by mutex_, as the next
  int calls_ = 0;
  std::uint64_t entered_ = 0;  ///< calls ever let in
  std::uint64_t rested_ = 0;   ///< entered_ at the last rest
};

}  // namespace cxr
