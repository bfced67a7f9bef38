// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/orthanc/metrics.h"

#include <array>
#include <utility>

namespace cxr::plugin {

void PublishMetrics(OrthancPluginContext* context, const DispatcherSnapshot& snapshot) {
  const DispatcherCounters& counters = snapshot.counters;
  const std::array<std::pair<const char*, std::int64_t>, 14> values = {{
      {"cxr_triage_position", snapshot.position},
      {"cxr_triage_lag", snapshot.read_to - snapshot.position},
      {"cxr_triage_backlog", static_cast<std::int64_t>(snapshot.backlog)},
      {"cxr_triage_in_flight", static_cast<std::int64_t>(snapshot.in_flight)},
      {"cxr_triage_service_serving", snapshot.service == ServiceState::kServing ? 1 : 0},
      {"cxr_triage_analysed", counters.analysed},
      {"cxr_triage_analysed_with_warnings", counters.analysed_with_warnings},
      {"cxr_triage_not_applicable", counters.not_applicable},
      {"cxr_triage_failed", counters.failed},
      {"cxr_triage_left_out", counters.left_out},
      {"cxr_triage_own_results", counters.own_results},
      {"cxr_triage_gone", counters.gone},
      {"cxr_triage_retries", counters.retries},
      {"cxr_triage_objects_stored", counters.objects_stored},
  }};
  for (const auto& [name, value] : values) {
    OrthancPluginSetMetricsValue(context, name, static_cast<float>(value), OrthancPluginMetricsType_Default);
  }
}

}  // namespace cxr::plugin
