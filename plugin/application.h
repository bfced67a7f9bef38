// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <orthanc/OrthancCPlugin.h>

#include <memory>
#include <string>

#include "plugin/core/settings.h"
#include "plugin/orthanc/telemetry.h"
#include "plugin/triage.h"

namespace cxr::plugin {

/// The plugin as Orthanc sees it. Without a section "CxrTriage", with "Enable": false or with a wrong setting it stays
/// idle and says so in the log and in /cxr-triage/status: a triage tool must not keep an archive from starting.
class Application {
 public:
  /// Reads the configuration. Starts nothing and makes no REST call.
  explicit Application(OrthancPluginContext* context);

  void OnChange(OrthancPluginChangeType change);
  void RefreshMetrics();

  void HandleStatus(OrthancPluginRestOutput* output, const OrthancPluginHttpRequest* request);
  void HandleWorklist(OrthancPluginRestOutput* output, const OrthancPluginHttpRequest* request);
  void HandleInstance(OrthancPluginRestOutput* output, const OrthancPluginHttpRequest* request);

  void LogError(absl::string_view text) const { log_.Error(text); }

 private:
  void Configure();
  void Idle(std::string reason);

  OrthancPluginContext* context_;
  EventLog log_;
  Settings settings_;
  std::string idle_reason_;         ///< empty when triage_ is there
  std::unique_ptr<Triage> triage_;  ///< set once, in the constructor
};

}  // namespace cxr::plugin
