// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <orthanc/OrthancCPlugin.h>

#include <functional>
#include <memory>
#include <mutex>
#include <random>
#include <string>

#include "absl/status/statusor.h"
#include "plugin/core/clock.h"
#include "plugin/core/dispatcher.h"
#include "plugin/core/instance_processor.h"
#include "plugin/core/runner.h"
#include "plugin/core/settings.h"
#include "plugin/core/triage_api.h"
#include "plugin/core/worklist.h"
#include "plugin/orthanc/orthanc_archive.h"
#include "plugin/orthanc/orthanc_records.h"
#include "plugin/orthanc/rest_api.h"
#include "plugin/orthanc/telemetry.h"
#include "plugin/rpc/grpc_analysis_client.h"

namespace cxr::plugin {

/// Everything a configured plugin consists of, wired. Start and Stop belong to one thread; the rest is thread-safe.
class Triage {
 public:
  /// Starts nothing and calls nothing. INVALID_ARGUMENT when a certificate cannot be read.
  [[nodiscard]] static absl::StatusOr<std::unique_ptr<Triage>> Create(OrthancPluginContext* context,
                                                                      const Settings& settings);
  ~Triage();
  Triage(const Triage&) = delete;
  Triage& operator=(const Triage&) = delete;

  /// Opens the channels and starts the threads.
  void Start();

  /// Cancels calls in flight, joins the threads, closes the channels. What was in flight is done again after the next
  /// start.
  void Stop();

  void Wake() { runner_.Wake(); }

  [[nodiscard]] const TriageApi& Api() const { return api_; }
  [[nodiscard]] const Dispatcher& GetDispatcher() const { return dispatcher_; }

 private:
  Triage(OrthancPluginContext* context, const Settings& settings, std::unique_ptr<GrpcAnalysisClient> client);
  [[nodiscard]] Dispatcher::Ports DispatcherPorts();
  [[nodiscard]] std::vector<Runner::Step> Steps(int concurrency);
  [[nodiscard]] double Random();

  SystemClock clock_;
  EventLog log_;
  RestApi rest_;
  OrthancChangeLog change_log_;
  OrthancArchive archive_;
  OrthancPositionStore positions_;
  OrthancOutcomeStore outcomes_;
  std::unique_ptr<GrpcAnalysisClient> client_;
  Worklist worklist_;
  InstanceProcessor processor_;
  std::mutex random_mutex_;  ///< guards random_
  std::minstd_rand random_;
  Dispatcher dispatcher_;
  TriageApi api_;
  Runner runner_;
};

}  // namespace cxr::plugin
