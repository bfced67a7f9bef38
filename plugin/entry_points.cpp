// SPDX-License-Identifier: GPL-3.0-or-later
// The only extern "C" of the plugin: what Orthanc calls, and the one application object behind it.
#include <orthanc/OrthancCPlugin.h>

#include <exception>
#include <memory>

#include "plugin/application.h"

namespace {

using cxr::plugin::Application;

// Orthanc's callbacks carry no user data, so the application can only be found through a global.
std::unique_ptr<Application> application;  // NOLINT(cppcoreguidelines-avoid-non-const-global-variables)

/// Nothing may be thrown into Orthanc, which is C to us.
template <typename Action>
OrthancPluginErrorCode Guarded(const Action& action) {
  try {
    if (application == nullptr) return OrthancPluginErrorCode_Plugin;
    action(*application);
    return OrthancPluginErrorCode_Success;
  } catch (const std::exception& error) {
    application->LogError(error.what());
  } catch (...) {
    application->LogError("unknown exception");
  }
  return OrthancPluginErrorCode_Plugin;
}

OrthancPluginErrorCode OnChange(OrthancPluginChangeType change, OrthancPluginResourceType, const char*) {
  return Guarded([&](Application& app) { app.OnChange(change); });
}

void OnRefreshMetrics() {
  Guarded([](Application& app) { app.RefreshMetrics(); });
}

OrthancPluginErrorCode OnStatus(OrthancPluginRestOutput* output, const char*, const OrthancPluginHttpRequest* request) {
  return Guarded([&](Application& app) { app.HandleStatus(output, request); });
}

OrthancPluginErrorCode OnWorklist(OrthancPluginRestOutput* output, const char*,
                                  const OrthancPluginHttpRequest* request) {
  return Guarded([&](Application& app) { app.HandleWorklist(output, request); });
}

OrthancPluginErrorCode OnInstance(OrthancPluginRestOutput* output, const char*,
                                  const OrthancPluginHttpRequest* request) {
  return Guarded([&](Application& app) { app.HandleInstance(output, request); });
}

void Register(OrthancPluginContext* context) {
  OrthancPluginSetDescription(context,
                              "Triage of chest radiographs: overlay and report by cxr-service. Research use only.");
  OrthancPluginRegisterOnChangeCallback(context, OnChange);
  OrthancPluginRegisterRefreshMetricsCallback(context, OnRefreshMetrics);
  // The variants without lock: the others share one mutex with the routes of every plugin.
  OrthancPluginRegisterRestCallbackNoLock(context, "/cxr-triage/status", OnStatus);
  OrthancPluginRegisterRestCallbackNoLock(context, "/cxr-triage/worklist", OnWorklist);
  OrthancPluginRegisterRestCallbackNoLock(context, "/cxr-triage/instances/([^/]*)", OnInstance);
}

}  // namespace

extern "C" {

ORTHANC_PLUGINS_API int32_t OrthancPluginInitialize(OrthancPluginContext* context) {
  if (OrthancPluginCheckVersion(context) == 0) {
    OrthancPluginLogError(context, "cxr-triage: this version of Orthanc is too old; 1.10.1 or newer is needed");
    return -1;
  }
  try {
    application = std::make_unique<Application>(context);
    Register(context);
    return 0;
  } catch (const std::exception& error) {
    OrthancPluginLogError(context, error.what());
  } catch (...) {
    OrthancPluginLogError(context, "cxr-triage: unknown exception");
  }
  return -1;
}

ORTHANC_PLUGINS_API void OrthancPluginFinalize() {
  application.reset();
}

ORTHANC_PLUGINS_API const char* OrthancPluginGetName() {
  return "cxr-triage";
}

ORTHANC_PLUGINS_API const char* OrthancPluginGetVersion() {
  return CXR_VERSION;
}

}  // extern "C"
