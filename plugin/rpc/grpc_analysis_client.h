// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <grpcpp/grpcpp.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "plugin/core/analysis_client.h"
#include "plugin/rpc/channel_pool.h"

namespace cxr::plugin {

struct GrpcClientOptions {
  std::vector<std::string> addresses;  ///< HOST:PORT, at least one
  absl::Duration timeout;              ///< of one analysis
  std::int64_t max_message_bytes = 0;  ///< below 2 GiB
  bool tls = false;
  std::string ca_certificate;      ///< path of a PEM file; empty: the system's authorities
  std::string client_certificate;  ///< path of a PEM file; empty: none
  std::string client_key;          ///< path of a PEM file; empty: none
};

/// The service over gRPC. Connect and Disconnect belong to one thread; everything else is thread-safe.
class GrpcAnalysisClient : public AnalysisClient {
 public:
  /// Reads the certificates; starts nothing. INVALID_ARGUMENT names the file that cannot be read.
  [[nodiscard]] static absl::StatusOr<std::unique_ptr<GrpcAnalysisClient>> Create(GrpcClientOptions options);

  /// Opens the channels. Calls before it are UNAVAILABLE.
  void Connect();

  /// Closes the channels; no call may be in flight.
  void Disconnect();

  [[nodiscard]] absl::StatusOr<AnalysisResult> Analyze(std::string dicom) override;
  [[nodiscard]] absl::StatusOr<ModelIdentity> DescribeModel() override;
  void Cancel() override;

 private:
  using Call = std::function<grpc::Status(cxr::v1::AnalysisService::Stub&, grpc::ClientContext&)>;

  GrpcAnalysisClient(GrpcClientOptions options, grpc::SslCredentialsOptions certificates);
  [[nodiscard]] absl::Status TryInTurn(absl::Duration timeout, const Call& call);
  [[nodiscard]] grpc::Status CallOnce(cxr::v1::AnalysisService::Stub& stub, absl::Duration timeout, const Call& call);

  const GrpcClientOptions options_;
  const grpc::SslCredentialsOptions certificates_;
  std::unique_ptr<ChannelPool> pool_;
  std::mutex mutex_;  ///< guards what follows
  bool cancelled_ = false;
  std::set<grpc::ClientContext*> active_;
};

}  // namespace cxr::plugin
