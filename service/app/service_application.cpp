// SPDX-License-Identifier: Apache-2.0
#include "service/app/service_application.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "absl/strings/str_cat.h"
#include "service/app/model_trial.h"
#include "service/app/warm_up.h"
#include "service/dicom/dicom_reader.h"
#include "service/imaging/overlay.h"
#include "service/imaging/threads.h"
#include "service/model/model_classifier.h"
#include "service/rpc/credentials.h"

namespace cxr {
namespace {

/// Calls that may be in progress besides those that run or wait in the pool: they are refused quickly, with a reason.
constexpr int kCallsBeyondThePool = 16;
/// What answers that are already written may take to leave, once all work is done.
constexpr std::chrono::seconds kTimeToSendAnswers{2};

DicomSettings DicomSettingsOf(const ServiceConfig& config) {
  DicomSettings settings;
  settings.write.report_class = config.sr_class;
  settings.write.digest = config.ResultSettings();
  settings.write.on_left_out = [](absl::string_view attribute, absl::string_view sop_instance_uid) {
    spdlog::info("left out of the results of {}, for its value is invalid for its VR: {}",
                 std::string(sop_instance_uid), std::string(attribute));
  };
  settings.on_odd = [](absl::string_view what, absl::string_view sop_instance_uid) {
    spdlog::info("odd in {}: {}", std::string(sop_instance_uid), std::string(what));
  };
  return settings;
}

RequestLimits RequestLimitsOf(const ServiceConfig& config) {
  RequestLimits limits;
  limits.max_message_mib = config.max_message_mib;
  limits.held_mib = config.EffectiveRequestMemoryMib();
  limits.max_calls = config.EffectiveWorkers() + config.queue_capacity + kCallsBeyondThePool;
  limits.receive_time = config.receive_timeout;
  return limits;
}

}  // namespace

ServiceApplication::ServiceApplication(ServiceConfig config)
    : config_(std::move(config)), handler_(metrics_, RequestLimitsOf(config_)) {}

ServiceApplication::~ServiceApplication() {
  handler_.Drain(std::chrono::system_clock::now()).IgnoreError();  // ends what waits for its calls
  metrics_.WatchLoad(nullptr);
}

absl::StatusOr<std::unique_ptr<ServiceApplication>> ServiceApplication::Listen(const ServiceConfig& config) {
  std::unique_ptr<ServiceApplication> application(new ServiceApplication(config));
  absl::StatusOr<std::shared_ptr<grpc::ServerCredentials>> credentials = MakeServerCredentials(config.tls);
  if (!credentials.ok()) return credentials.status();
  if (config.metrics.has_value()) {
    const absl::StatusOr<HostPort> metrics = application->metrics_.Serve(*config.metrics);
    if (!metrics.ok()) return metrics.status();
    spdlog::info("metrics on http://{}/metrics", ToString(*metrics));
  }
  ServerOptions options;
  options.listen = config.listen;
  options.credentials = *std::move(credentials);
  absl::StatusOr<std::unique_ptr<AnalysisServer>> server = AnalysisServer::Start(options, application->handler_);
  if (!server.ok()) return server.status();
  application->server_ = *std::move(server);
  return application;
}

absl::Status ServiceApplication::Serve(const std::string& executable, const std::stop_token& stop) {
  absl::Status tried = TryModel(executable, config_, stop);
  if (!tried.ok()) return tried;
  absl::Status built = BuildTools();
  if (!built.ok()) return built;
  if (stop.stop_requested()) return absl::CancelledError("stopped while the model was being loaded");
  absl::Status started = StartPool();
  if (!started.ok()) return started;
  const AnalysisTools tools{reader_.get(), classifier_.get(), renderer_.get()};
  AnalysisSettings settings;
  settings.population = config_.population;
  settings.unlike = config_.unlike;
  settings.map_of_normal = config_.map_of_normal;
  if (config_.presentation_state) settings.objects.Add(ObjectKind::kPresentationState);
  if (config_.parametric_map) settings.objects.Add(ObjectKind::kParametricMap);
  handler_.Open(std::make_shared<const Analyzer>(tools, settings, *pool_));
  server_->SetServing(true);
  trim_.emplace(handler_);
  const ModelInfo& model = classifier_->info();
  spdlog::info("serving model {} {} sha256 {} on {}, {} workers, settings {}", model.identity.name,
               model.identity.version, model.identity.sha256, config_.device, config_.EffectiveWorkers(),
               config_.ResultSettings());
  return absl::OkStatus();
}

absl::Status ServiceApplication::BuildTools() {
  RunImageOperationsOnCallersThread();
  absl::StatusOr<std::unique_ptr<RadiographReader>> reader = MakeDicomReader(DicomSettingsOf(config_));
  if (!reader.ok()) return reader.status();
  reader_ = *std::move(reader);
  absl::StatusOr<std::unique_ptr<Classifier>> classifier = LoadClassifier(config_.model_dir, {config_.device});
  if (!classifier.ok()) return classifier.status();
  classifier_ = *std::move(classifier);
  OverlayOptions overlay;
  overlay.layout = config_.capture_layout;
  overlay.max_long_side = config_.overlay_long_side;
  renderer_ = MakeOverlayRenderer(overlay);
  return absl::OkStatus();
}

absl::Status ServiceApplication::StartPool() {
  PoolOptions options;
  options.workers = config_.EffectiveWorkers();
  options.capacity = config_.queue_capacity;
  options.prepare_worker = [this] { return WarmUp(*classifier_); };
  absl::StatusOr<std::unique_ptr<AnalysisPool>> pool = AnalysisPool::Create(std::move(options));
  if (!pool.ok()) return pool.status();
  pool_ = *std::move(pool);
  metrics_.WatchLoad([this] { return pool_->load(); });
  return absl::OkStatus();
}

void ServiceApplication::Shutdown() {
  const auto deadline = std::chrono::system_clock::now() + config_.drain_timeout;
  server_->SetServing(false);
  absl::Status drained = handler_.Drain(deadline);
  if (pool_ != nullptr) drained.Update(pool_->Drain(deadline));
  if (!drained.ok()) spdlog::warn("{}", std::string(drained.message()));
  // Health watchers would keep the server open for as long as it is willing to wait.
  server_->Shutdown(std::min(deadline, std::chrono::system_clock::now() + kTimeToSendAnswers));
}

}  // namespace cxr
