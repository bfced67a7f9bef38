// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/triage.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace cxr::plugin {
namespace {

GrpcClientOptions ClientOptions(const Settings& settings) {
  GrpcClientOptions options;
  options.addresses = settings.services;
  options.timeout = settings.timeout;
  options.max_message_bytes = settings.max_message_bytes;
  options.tls = settings.tls;
  options.allow_plaintext = settings.allow_plaintext;
  options.ca_certificate = settings.ca_certificate;
  options.client_certificate = settings.client_certificate;
  options.client_key = settings.client_key;
  return options;
}

DispatcherOptions QueueOptions(const Settings& settings) {
  DispatcherOptions options;
  options.repeat.max_attempts = settings.max_attempts;
  options.repeat.max_losses = settings.max_service_losses;
  options.poll_interval = settings.poll_interval;
  options.repeat.backoff.max = settings.max_backoff;
  return options;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Triage>> Triage::Create(OrthancPluginContext* context, const Settings& settings) {
  absl::StatusOr<std::unique_ptr<GrpcAnalysisClient>> client = GrpcAnalysisClient::Create(ClientOptions(settings));
  if (!client.ok()) return client.status();
  return std::unique_ptr<Triage>(new Triage(context, settings, *std::move(client)));
}

Triage::Triage(OrthancPluginContext* context, const Settings& settings, std::unique_ptr<GrpcAnalysisClient> client)
    : log_(context),
      rest_(context),
      change_log_(rest_),
      archive_(rest_),
      positions_(GlobalProperty(context, settings.position_property), GlobalProperty(context, settings.start_property)),
      outcomes_(rest_, settings.outcome_metadata, settings.summary_metadata,
                GlobalProperty(context, settings.worklist_property)),
      client_(std::move(client)),
      worklist_(outcomes_, archive_, static_cast<std::size_t>(settings.worklist_size)),
      processor_({archive_, *client_, archive_, outcomes_, worklist_, clock_}, settings.max_message_bytes),
      random_(std::random_device{}()),
      dispatcher_(DispatcherPorts(), QueueOptions(settings), clock_.Now()),
      api_({dispatcher_, change_log_, archive_, outcomes_, worklist_, clock_}, absl::StrJoin(settings.services, ",")),
      runner_(Steps(settings.concurrency),
              [this](const char* what) { log_.Error(absl::StrCat("internal error: ", what)); }) {}

Triage::~Triage() {
  Stop();
}

Dispatcher::Ports Triage::DispatcherPorts() {
  return {change_log_,
          positions_,
          archive_,
          outcomes_,
          processor_,
          *client_,
          clock_,
          log_,
          [this] { return Random(); },
          [this] { runner_.Wake(); }};
}

std::vector<Runner::Step> Triage::Steps(int concurrency) {
  std::vector<Runner::Step> steps = {[this] { return dispatcher_.FeedStep(); },
                                     [this] { return dispatcher_.ProbeStep(); }};
  // The worklist is read before somebody asks for it; if that fails, who asks next tries again.
  steps.emplace_back([this] {
    worklist_.Load().IgnoreError();
    return absl::InfiniteFuture();
  });
  for (int i = 0; i < concurrency; ++i) steps.emplace_back([this] { return dispatcher_.WorkStep(); });
  return steps;
}

double Triage::Random() {
  const std::lock_guard<std::mutex> lock(random_mutex_);
  return std::uniform_real_distribution<double>(0, 1)(random_);
}

void Triage::Start() {
  client_->Connect();
  runner_.Start();
}

void Triage::Stop() {
  runner_.RequestStop();
  client_->Cancel();
  runner_.Stop();
  client_->Disconnect();
}

}  // namespace cxr::plugin
