// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <grpcpp/grpcpp.h>

#include <functional>
#include <memory>
#include <string>

#include "cxr/v1/analysis.grpc.pb.h"

namespace cxr::test {

/// A gRPC server of the real contract whose answers a test writes. Serves on a free loopback port from construction
/// until destruction, with the standard health service.
class ScriptedServer final : private v1::AnalysisService::Service {
 public:
  using Script = std::function<grpc::Status(const v1::AnalyzeRequest&, v1::AnalyzeResponse&, grpc::ServerContext&)>;

  /// `script` is called from several threads. `port` 0 is any free one.
  explicit ScriptedServer(
      Script script, bool serving = true, int port = 0,
      const std::shared_ptr<grpc::ServerCredentials>& credentials = grpc::InsecureServerCredentials());
  ~ScriptedServer() override;

  [[nodiscard]] std::string address() const;
  [[nodiscard]] int port() const { return port_; }
  void SetServing(bool serving);

 private:
  grpc::Status Analyze(grpc::ServerContext* context, const v1::AnalyzeRequest* request,
                       v1::AnalyzeResponse* response) override;

  Script script_;
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
};

/// A complete answer: analysed, BACTERIA, score 0.9, with a capture of 2 x 2 red pixels and something for a report.
void FillAnalysed(v1::AnalyzeResponse& response);

/// A status with an ErrorDetail in its details, as cxr-service sends it.
[[nodiscard]] grpc::Status DetailedStatus(grpc::StatusCode code, v1::ErrorReason reason, const std::string& message);

/// A Secondary Capture (Explicit VR Little Endian) of `rows` x `columns` pixels, all (255, 0, 0).
[[nodiscard]] std::string RedCapture(int rows, int columns);

}  // namespace cxr::test
