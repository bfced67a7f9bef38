// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server.h>

#include <chrono>
#include <memory>

#include "absl/status/statusor.h"
#include "service/base/host_port.h"
#include "service/rpc/analysis_handler.h"

namespace cxr {

struct ServerOptions {
  HostPort listen;                                       ///< port 0: any free one
  std::shared_ptr<grpc::ServerCredentials> credentials;  ///< see MakeServerCredentials
};

/// A listening gRPC server with analysis, health and reflection services.
class AnalysisServer {
 public:
  /// Binds and accepts connections; health is NOT_SERVING until SetServing(true). `handler` must outlive the server.
  /// Fails with kUnavailable when the address cannot be taken or the TLS files do not fit each other.
  [[nodiscard]] static absl::StatusOr<std::unique_ptr<AnalysisServer>> Start(const ServerOptions& options,
                                                                             AnalysisHandler& handler);

  AnalysisServer(const AnalysisServer&) = delete;
  AnalysisServer& operator=(const AnalysisServer&) = delete;
  /// Shuts down at once, if Shutdown was not called.
  ~AnalysisServer();

  /// Where it listens, with the port in use.
  [[nodiscard]] const HostPort& address() const { return address_; }

  /// Sets the health of the server and of cxr.v1.AnalysisService. Watchers are told.
  void SetServing(bool serving);

  /// Refuses new calls, lets those in flight go on until `deadline`, then cancels them; returns when all have ended.
  void Shutdown(std::chrono::system_clock::time_point deadline);

 private:
  AnalysisServer(std::unique_ptr<grpc::Server> server, HostPort address);

  std::unique_ptr<grpc::Server> server_;
  HostPort address_;
};

}  // namespace cxr
