// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/application.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "nlohmann/json.hpp"
#include "plugin/orthanc/rest_routes.h"
#include "plugin/orthanc/telemetry.h"

namespace cxr::plugin {
namespace {

using nlohmann::json;

constexpr std::size_t kDefaultWorklistLimit = 100;

absl::StatusOr<Settings> ReadSettings(OrthancPluginContext* context) {
  const auto free_string = [context](char* text) { OrthancPluginFreeString(context, text); };
  const std::unique_ptr<char, decltype(free_string)> text(OrthancPluginGetConfiguration(context), free_string);
  if (text == nullptr) return absl::UnavailableError("Orthanc's configuration cannot be read.");
  return ParseSettings(text.get());
}

}  // namespace

Application::Application(OrthancPluginContext* context) : context_(context), log_(context) {
  Configure();
}

void Application::Idle(std::string reason) {
  idle_reason_ = std::move(reason);
}

void Application::Configure() {
  absl::StatusOr<Settings> settings = ReadSettings(context_);
  if (!settings.ok()) {
    log_.Error(absl::StrCat(settings.status().message(), " The plugin stays idle."));
    return Idle(std::string(settings.status().message()));
  }
  settings_ = *std::move(settings);
  for (const std::string& warning : settings_.warnings) log_.Warning(warning);
  if (!settings_.enabled) {
    Idle(
        "The plugin is not enabled: add a section \"CxrTriage\" with \"Service\": \"HOST:PORT\" to Orthanc's "
        "configuration.");
    return log_.Warning(idle_reason_);
  }
  absl::StatusOr<std::unique_ptr<Triage>> triage = Triage::Create(context_, settings_);
  if (!triage.ok()) {
    log_.Error(absl::StrCat(triage.status().message(), " The plugin stays idle."));
    return Idle(std::string(triage.status().message()));
  }
  triage_ = *std::move(triage);
}

void Application::OnChange(OrthancPluginChangeType change) {
  if (triage_ == nullptr) return;
  switch (change) {
    case OrthancPluginChangeType_OrthancStarted:
      return triage_->Start();
    case OrthancPluginChangeType_OrthancStopped:
      return triage_->Stop();
    case OrthancPluginChangeType_NewInstance:
      return triage_->Wake();
    default:
      return;
  }
}

void Application::RefreshMetrics() {
  if (triage_ != nullptr) PublishMetrics(context_, triage_->GetDispatcher().Snapshot());
}

void Application::HandleStatus(OrthancPluginRestOutput* output, const OrthancPluginHttpRequest* request) {
  if (!RequireGet(context_, output, request)) return;
  if (triage_ != nullptr) return Answer(context_, output, triage_->Api().Status());
  Answer(context_, output, json{{"version", CXR_VERSION}, {"state", "idle"}, {"message", idle_reason_}});
}

void Application::HandleWorklist(OrthancPluginRestOutput* output, const OrthancPluginHttpRequest* request) {
  if (!RequireGet(context_, output, request)) return;
  if (triage_ == nullptr) return Answer(context_, output, absl::UnavailableError(idle_reason_));
  const absl::StatusOr<std::size_t> limit = LimitOf(request, kDefaultWorklistLimit);
  Answer(context_, output, limit.ok() ? triage_->Api().Worklist(*limit) : limit.status());
}

void Application::HandleInstance(OrthancPluginRestOutput* output, const OrthancPluginHttpRequest* request) {
  if (!RequireGet(context_, output, request)) return;
  if (triage_ == nullptr) return Answer(context_, output, absl::UnavailableError(idle_reason_));
  const std::string id = request->groupsCount > 0 ? request->groups[0] : "";
  absl::StatusOr<json> answer = absl::NotFoundError("There is no such instance.");
  if (IsOrthancId(id)) answer = triage_->Api().Instance(id);
  if (absl::IsNotFound(answer.status())) answer = absl::NotFoundError("There is no such instance.");
  Answer(context_, output, answer);
}

}  // namespace cxr::plugin
