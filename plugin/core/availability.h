// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "service/base/backoff.h"

namespace cxr::plugin {

enum class AvailabilityState {
  kUnknown,      ///< nothing heard yet
  kServing,      ///< the last call was answered
  kUnavailable,  ///< cannot be reached, is starting or draining, or refuses us
  kOverloaded,   ///< its queue is full
};

/// "unknown", "serving", "unavailable" or "overloaded".
[[nodiscard]] absl::string_view StateName(AvailabilityState state);

/// What the calls so far say about a partner, the service or the archive, and when the next one makes sense. Not
/// thread-safe.
class Availability {
 public:
  explicit Availability(Backoff backoff) : backoff_(backoff) {}

  /// A call was answered, if only with the refusal of an instance. True when the partner was away before.
  bool ReportServing();

  /// A call found the partner away. Calls that began before the current pause do not lengthen it. True when the partner
  /// was not away before.
  bool ReportAway(const absl::Status& error, absl::Time call_began, absl::Time now, double unit);

  /// A call failed for another reason.
  void ReportError(const absl::Status& error, absl::Time now);

  /// Whether a call may be made: while the partner is away, one at a time, after the pause.
  [[nodiscard]] bool MayCall(absl::Time now, std::size_t in_flight) const;

  [[nodiscard]] bool Away() const {
    return state_ == AvailabilityState::kUnavailable || state_ == AvailabilityState::kOverloaded;
  }

  /// The end of the pause; the infinite past while the partner is not away.
  [[nodiscard]] absl::Time NextCall() const { return next_call_; }

  [[nodiscard]] AvailabilityState State() const { return state_; }
  /// The last failed call, however long ago; OK when there was none.
  [[nodiscard]] const absl::Status& LastError() const { return last_error_; }
  [[nodiscard]] absl::Time LastErrorAt() const { return last_error_at_; }

 private:
  Backoff backoff_;
  AvailabilityState state_ = AvailabilityState::kUnknown;
  int failures_ = 0;
  absl::Time pause_began_ = absl::InfinitePast();
  absl::Time next_call_ = absl::InfinitePast();
  absl::Status last_error_;
  absl::Time last_error_at_ = absl::InfinitePast();
};

}  // namespace cxr::plugin
