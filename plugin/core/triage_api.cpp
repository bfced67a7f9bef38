// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/core/triage_api.h"

#include <algorithm>

#include "nlohmann/json.hpp"
#include "plugin/core/forwarding_policy.h"
#include "plugin/core/service_error.h"

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

json PartnerToJson(const PartnerSnapshot& partner, absl::Time now) {
  const bool pausing = partner.next_call > now;
  return {{"state", std::string(StateName(partner.state))},
          {"last_error", ErrorToJson(partner.last_error, partner.last_error_at)},
          {"retry_in_seconds", pausing ? json(absl::ToDoubleSeconds(partner.next_call - now)) : json(nullptr)}};
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
          {"objects_stored", counters.objects_stored},
          {"service_losses", counters.service_losses},
          {"recovered", counters.recovered}};
}

json Pending(const WorkItem& item) {
  const char* waiting = item.last_error.empty() ? "waiting" : "retrying";
  return {{"outcome", "pending"},
          {"progress", item.in_flight ? "in flight" : waiting},
          {"attempts", item.attempts},
          {"losses", item.losses},
          {"last_error", item.last_error.empty() ? json(nullptr) : json(item.last_error)}};
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
  document["service"] = PartnerToJson(snapshot.service, ports_.clock.Now());
  document["service"]["address"] = service_address_;
  document["archive"] = PartnerToJson(snapshot.archive, ports_.clock.Now());
  document["model"] = ModelToJson(snapshot.model);
  document["counters"] = CountersToJson(snapshot.counters);
  return document;
}

absl::StatusOr<json> TriageApi::Worklist(std::size_t limit) const {
  return ports_.worklist.Show(limit);
}

absl::StatusOr<json> TriageApi::Instance(const std::string& instance_id) const {
  const absl::StatusOr<SeriesFacts> series = ports_.source.ReadSeries(instance_id);
  if (!series.ok()) return series.status();
  absl::StatusOr<absl::optional<Outcome>> outcome = ports_.outcomes.ReadOutcome(instance_id);
  if (!outcome.ok()) return outcome.status();
  absl::StatusOr<json> document;
  if (!outcome->has_value()) {
    document = WithoutOutcome(instance_id, *series);
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

absl::StatusOr<json> TriageApi::WithoutOutcome(const std::string& instance_id, const SeriesFacts& series) const {
  const absl::optional<WorkItem> item = ports_.dispatcher.Find(instance_id);
  if (item.has_value()) return Pending(*item);
  const absl::StatusOr<ForwardingDecision> decision = DecideForwarding(ports_.source, instance_id, series);
  if (!decision.ok()) return decision.status();
  if (decision->route != Route::kForward) return NotSent(decision->reasons);
  // Every eligible instance stored since the start is taken to its outcome, wherever the log or the archive's list
  // still holds it; so the moment it was stored tells, and nothing has to be looked through.
  const DispatcherSnapshot snapshot = ports_.dispatcher.Snapshot();
  const absl::StatusOr<std::string> received = ports_.source.ReceivedAt(instance_id);
  if (!received.ok()) return received.status();
  if (!snapshot.following || *received >= snapshot.since) return Pending(WorkItem());
  return NotSent({{"STORED_BEFORE_START", "The instance was in the archive before cxr-triage began to follow it."}});
}

}  // namespace cxr::plugin
