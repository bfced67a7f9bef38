// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "service/app/idle_trim.h"
#include "service/config/service_config.h"
#include "service/core/classifier.h"
#include "service/core/overlay_renderer.h"
#include "service/core/radiograph.h"
#include "service/rpc/analysis_handler.h"
#include "service/rpc/analysis_server.h"
#include "service/rpc/metrics.h"
#include "service/serving/analysis_pool.h"

namespace cxr {

/// The root object of cxr-service: owns every part and wires them. Used by one thread.
class ServiceApplication {
 public:
  /// Binds the port and answers health checks with NOT_SERVING. Fails when an address cannot be taken or a TLS file not
  /// read.
  [[nodiscard]] static absl::StatusOr<std::unique_ptr<ServiceApplication>> Listen(const ServiceConfig& config);

  ServiceApplication(const ServiceApplication&) = delete;
  ServiceApplication& operator=(const ServiceApplication&) = delete;
  ~ServiceApplication();

  [[nodiscard]] const HostPort& address() const { return server_->address(); }

  /// Tries the model in a process of its own (`executable` is this program), loads it, warms it up on every worker, and
  /// begins to serve. Fails when the model cannot be used; kCancelled when `stop` came first. May run beside address().
  [[nodiscard]] absl::Status Serve(const std::string& executable, const std::stop_token& stop = {});

  /// Says NOT_SERVING, refuses new work, lets what was admitted finish within the configured time to drain, and stops.
  void Shutdown();

 private:
  explicit ServiceApplication(ServiceConfig config);

  [[nodiscard]] absl::Status BuildTools();
  [[nodiscard]] absl::Status StartPool();

  // In the order in which each needs those above: destruction goes from the server to the tools.
  const ServiceConfig config_;
  std::unique_ptr<RadiographReader> reader_;
  std::unique_ptr<Classifier> classifier_;
  std::unique_ptr<OverlayRenderer> renderer_;
  std::unique_ptr<AnalysisPool> pool_;
  ServiceMetrics metrics_;
  AnalysisHandler handler_;
  std::unique_ptr<AnalysisServer> server_;
  std::optional<IdleTrim> trim_;
};

}  // namespace cxr
