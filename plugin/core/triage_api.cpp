// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/core/triage_api.h"

#include <algorithm>

#include "nlohmann/json.hpp"
#include "plugin/core/change_feed.h"
#include "plugin/core/forwarding_policy.h"
#include "plugin/core/service_error.h"
#include "plugin/core/worklist.h"

namespace cxr::plugin {
namespace {

using nlohmann::json;

json ErrorToJson(const absl::Status& error, absl::Time at) {
  if (error.ok()) return nullptr;
  return {{"code", absl::StatusCodeToString(error.code())},
          {"reason", ReasonOf(error)},
          {"message", std::string(error.message())},
          {"at", absl::FormatTime(absl::RFC3339_sec, at, absl::UTCTimeZone())}};
}

json ServiceToJson(const DispatcherSnapshot& snapshot, const std::string& address, absl::Time now) {
  const bool pausing = snapshot.next_call > now;
  return {{"address", address},
          {"state", std::string(ServiceStateName(snapshot.service))},
          {"last_error", ErrorToJson(snapshot.last_service_error, snapshot.last_service_error_at)},
          {"retry_in_seconds", pausing ? json(absl::ToDoubleSeconds(snapshot.next_call - now)) : json(nullptr)}};
}

json CountersToJson(const DispatcherCounters& counters) {
  return {{"analysed", counters.analysed},
          {"analysed_with_warnings", counters.analysed_with_warnings},
          {"not_applicable", counters.not_applicable},
          {"failed", counters.failed},
          {"left_out", counters.left_out},
          {"own_results", counters.own_results},
          {"settled_earlier", counters.settled_earlier},
          {"gone", counters.gone},
          {"retries", counters.retries},
          {"objects_stored", counters.objects_stored}};
}

json Pending(const char* progress, int attempts, const std::string& last_error) {
  return {{"outcome", "pending"},
          {"progress", progress},
          {"attempts", attempts},
          {"last_error", last_error.empty() ? json(nullptr) : json(last_error)}};
}

json Pending(const WorkItem& item) {
  const char* waiting = item.last_error.empty() ? "waiting" : "retrying";
  return Pending(item.in_flight ? "in flight" : waiting, item.attempts, item.last_error);
}

json NotSent(const std::vector<CodedReason>& reasons) {
  return {{"outcome", "not sent"}, {"reasons", ReasonsToJson(reasons)}};
}

}  // namespace

absl::StatusOr<json> TriageApi::Status() const {
  const absl::StatusOr<std::int64_t> last = ports_.log.Last();
  if (!last.ok()) return last.status();
  const DispatcherSnapshot snapshot = ports_.dispatcher.Snapshot();
  json document = {{"version", CXR_VERSION},
                   {"state", snapshot.following ? "following" : "starting"},
                   {"position", snapshot.position},
                   {"last", *last},
                   {"lag", snapshot.following ? std::max<std::int64_t>(0, *last - snapshot.position) : 0},
                   {"backlog", snapshot.backlog},
                   {"in_flight", snapshot.in_flight}};
  document["service"] = ServiceToJson(snapshot, service_address_, ports_.clock.Now());
  document["model"] = ModelToJson(snapshot.model);
  document["counters"] = CountersToJson(snapshot.counters);
  return document;
}

absl::StatusOr<json> TriageApi::Worklist(std::size_t limit) const {
  return BuildWorklist(ports_.outcomes, ports_.source, limit);
}

absl::StatusOr<json> TriageApi::Instance(const std::string& instance_id) const {
  const absl::StatusOr<SeriesFacts> series = ports_.source.ReadSeries(instance_id);
  if (!series.ok()) return series.status();
  absl::StatusOr<absl::optional<Outcome>> outcome = ports_.outcomes.ReadOutcome(instance_id);
  if (!outcome.ok()) return outcome.status();
  absl::StatusOr<json> document;
  if (!outcome->has_value()) {
    document = WithoutOutcome(instance_id);
    if (!document.ok()) return document;
    // It may have been settled while we looked.
    outcome = ports_.outcomes.ReadOutcome(instance_id);
    if (!outcome.ok()) return outcome.status();
  }
  if (outcome->has_value()) document = OutcomeToJson(**outcome);
  (*document)["instance"] = instance_id;
  (*document)["study"] = series->study_id;
  return document;
}

absl::StatusOr<json> TriageApi::WithoutOutcome(const std::string& instance_id) const {
  const DispatcherSnapshot snapshot = ports_.dispatcher.Snapshot();
  const absl::optional<WorkItem> item = ports_.dispatcher.Find(instance_id);
  if (item.has_value()) return Pending(*item);
  const absl::StatusOr<ForwardingDecision> decision = DecideForwarding(ports_.source, instance_id);
  if (!decision.ok()) return decision.status();
  if (decision->route != Route::kForward) return NotSent(decision->reasons);
  if (!snapshot.following) return Pending("waiting", 0, "");
  const absl::StatusOr<bool> announced = IsAnnouncedAfter(ports_.log, snapshot.read_to, instance_id);
  if (!announced.ok()) return announced.status();
  if (*announced) return Pending("waiting", 0, "");
  return NotSent({{"STORED_BEFORE_START", "The instance was in the archive before cxr-triage began to follow it."}});
}

}  // namespace cxr::plugin
