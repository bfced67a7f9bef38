// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/core/availability.h"

namespace cxr::plugin {

absl::string_view StateName(AvailabilityState state) {
  switch (state) {
    case AvailabilityState::kServing:
      return "serving";
    case AvailabilityState::kUnavailable:
      return "unavailable";
    case AvailabilityState::kOverloaded:
      return "overloaded";
    case AvailabilityState::kUnknown:
      break;
  }
  return "unknown";
}

bool Availability::ReportServing() {
  const bool was_away = Away();
  state_ = AvailabilityState::kServing;
  failures_ = 0;
  next_call_ = absl::InfinitePast();
  return was_away;
}

bool Availability::ReportAway(const absl::Status& error, absl::Time call_began, absl::Time now, double unit) {
  const bool was_away = Away();
  state_ = absl::IsResourceExhausted(error) ? AvailabilityState::kOverloaded : AvailabilityState::kUnavailable;
  ReportError(error, now);
  if (was_away && call_began < pause_began_) return false;
  pause_began_ = now;
  next_call_ = now + backoff_.Delay(failures_++, unit);
  return !was_away;
}

void Availability::ReportError(const absl::Status& error, absl::Time now) {
  last_error_ = error;
  last_error_at_ = now;
}

bool Availability::MayCall(absl::Time now, std::size_t in_flight) const {
  return !Away() || (in_flight == 0 && now >= next_call_);
}

}  // namespace cxr::plugin
