// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <orthanc/OrthancCPlugin.h>

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "plugin/core/dispatcher_report.h"

namespace cxr::plugin {

/// Writes events into Orthanc's log: identifiers of Orthanc, codes and counts, no patient data and no bodies.
/// Thread-safe.
class EventLog : public DispatcherObserver {
 public:
  explicit EventLog(OrthancPluginContext* context) : context_(context) {}

  void Error(absl::string_view text) const;
  void Warning(absl::string_view text) const;
  void Info(absl::string_view text) const;

  void OnFollowing(std::int64_t position) override;
  void OnSettled(const std::string& instance_id, const Outcome& outcome) override;
  void OnRetry(const std::string& instance_id, const absl::Status& error, int attempts) override;
  void OnGone(const std::string& instance_id) override;
  void OnServiceAway(const absl::Status& error) override;
  void OnServiceBack() override;
  void OnArchiveTrouble(const absl::Status& error) override;
  void OnArchiveBack() override;
  void OnLogLost() override;

 private:
  OrthancPluginContext* context_;
};

/// Publishes `snapshot` under /tools/metrics-prometheus, each name beginning with cxr_triage_.
void PublishMetrics(OrthancPluginContext* context, const DispatcherSnapshot& snapshot);

}  // namespace cxr::plugin
