// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/core/service_health.h"

namespace cxr::plugin {

absl::string_view ServiceStateName(ServiceState state) {
  switch (state) {
    case ServiceState::kServing:
      return "serving";
    case ServiceState::kUnavailable:
      return "unavailable";
    case ServiceState::kOverloaded:
      return "overloaded";
    case ServiceState::kUnknown:
      break;
  }
  return "unknown";
}

bool ServiceHealth::ReportServing() {
  const bool was_away = Away();
  state_ = ServiceState::kServing;
  failures_ = 0;
  next_call_ = absl::InfinitePast();
  return was_away;
}

bool ServiceHealth::ReportAway(const absl::Status& error, absl::Time call_began, absl::Time now, double unit) {
  const bool was_away = Away();
  state_ = absl::IsResourceExhausted(error) ? ServiceState::kOverloaded : ServiceState::kUnavailable;
  ReportError(error, now);
  if (was_away && call_began < pause_began_) return false;
  pause_began_ = now;
  next_call_ = now + backoff_.Delay(failures_++, unit);
  return !was_away;
}

void ServiceHealth::ReportError(const absl::Status& error, absl::Time now) {
  last_error_ = error;
  last_error_at_ = now;
}

bool ServiceHealth::MayCall(absl::Time now, std::size_t in_flight) const {
  return !Away() || (in_flight == 0 && now >= next_call_);
}

}  // namespace cxr::plugin
