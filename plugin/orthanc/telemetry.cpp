// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/orthanc/telemetry.h"

#include <array>
#include <utility>

#include "absl/strings/str_cat.h"
#include "plugin/core/service_error.h"

namespace cxr::plugin {
namespace {

std::string Prefixed(absl::string_view text) {
  return absl::StrCat("cxr-triage: ", text);
}

}  // namespace

void EventLog::Error(absl::string_view text) const {
  OrthancPluginLogError(context_, Prefixed(text).c_str());
}

void EventLog::Warning(absl::string_view text) const {
  OrthancPluginLogWarning(context_, Prefixed(text).c_str());
}

void EventLog::Info(absl::string_view text) const {
  OrthancPluginLogInfo(context_, Prefixed(text).c_str());
}

void EventLog::OnFollowing(std::int64_t position) {
  Warning(absl::StrCat("following the change log from position ", position));
}

void EventLog::OnSettled(const std::string& instance_id, const Outcome& outcome) {
  const std::string text = absl::StrCat("instance ", instance_id, ": ", OutcomeName(outcome.kind), ", ",
                                        outcome.objects.size(), " result(s) stored");
  if (outcome.kind != OutcomeKind::kFailed) return Info(text);
  // The reason's sentence may quote the file; its code does not.
  const std::string code = outcome.reasons.empty() ? std::string("UNKNOWN") : outcome.reasons.front().code;
  Warning(absl::StrCat(text, ", reason ", code));
}

void EventLog::OnRetry(const std::string& instance_id, const absl::Status& error, int attempts) {
  Warning(absl::StrCat("instance ", instance_id, ": attempt ", attempts, " failed, reason ", ReasonOf(error),
                       "; it will be repeated"));
}

void EventLog::OnGone(const std::string& instance_id) {
  Info(absl::StrCat("instance ", instance_id, " was deleted before it was settled"));
}

void EventLog::OnServiceAway(const absl::Status& error) {
  Warning(absl::StrCat("the service is away (", ReasonOf(error), "): radiographs wait. ", error.message()));
}

void EventLog::OnServiceBack() {
  Warning("the service is back");
}

void EventLog::OnArchiveTrouble(const absl::Status& error) {
  Error(absl::StrCat("Orthanc has trouble (", ReasonOf(error), "): ", error.message(), " It will be tried again."));
}

void EventLog::OnArchiveBack() {
  Warning("Orthanc's trouble is over");
}

void EventLog::OnLogLost() {
  Warning("the change log was emptied before it was read: looking for radiographs in the archive's own list");
}

void PublishMetrics(OrthancPluginContext* context, const DispatcherSnapshot& snapshot) {
  const DispatcherCounters& counters = snapshot.counters;
  const std::array<std::pair<const char*, std::int64_t>, 17> values = {{
      {"cxr_triage_position", snapshot.position},
      {"cxr_triage_lag", snapshot.read_to - snapshot.position},
      {"cxr_triage_backlog", static_cast<std::int64_t>(snapshot.backlog)},
      {"cxr_triage_in_flight", static_cast<std::int64_t>(snapshot.in_flight)},
      {"cxr_triage_service_serving", snapshot.service.state == AvailabilityState::kServing ? 1 : 0},
      {"cxr_triage_analysed", counters.analysed},
      {"cxr_triage_analysed_with_warnings", counters.analysed_with_warnings},
      {"cxr_triage_not_applicable", counters.not_applicable},
      {"cxr_triage_failed", counters.failed},
      {"cxr_triage_left_out", counters.left_out},
      {"cxr_triage_own_results", counters.own_results},
      {"cxr_triage_gone", counters.gone},
      {"cxr_triage_retries", counters.retries},
      {"cxr_triage_objects_stored", counters.objects_stored},
      {"cxr_triage_archive_serving", snapshot.archive.state == AvailabilityState::kUnavailable ? 0 : 1},
      {"cxr_triage_service_losses", counters.service_losses},
      {"cxr_triage_recovered", counters.recovered},
  }};
  for (const auto& [name, value] : values) {
    OrthancPluginSetMetricsValue(context, name, static_cast<float>(value), OrthancPluginMetricsType_Default);
  }
}

}  // namespace cxr::plugin
