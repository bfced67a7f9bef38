// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "plugin/core/analysis_client.h"
#include "service/client/service_client.h"

namespace cxr::plugin {

struct GrpcClientOptions {
  std::vector<std::string> addresses;  ///< HOST:PORT, at least one
  absl::Duration timeout;              ///< of one analysis
  std::int64_t max_message_bytes = 0;  ///< below 2 GiB
  bool tls = false;
  bool allow_plaintext = false;    ///< to another machine
  std::string ca_certificate;      ///< path of a PEM file; empty: the system's authorities
  std::string client_certificate;  ///< path of a PEM file; empty: none
  std::string client_key;          ///< path of a PEM file; empty: none
};

/// The service through the client library: one client for each address, used in turn (gRPC's round robin balances the
/// machines behind one name, this several names). An address that is away is passed over; repeats are the dispatcher's.
/// Connect and Disconnect belong to one thread; everything else is thread-safe.
class GrpcAnalysisClient : public AnalysisClient {
 public:
  /// Reads the certificates and checks the addresses; starts nothing. INVALID_ARGUMENT names the setting and what is
  /// wrong.
  [[nodiscard]] static absl::StatusOr<std::unique_ptr<GrpcAnalysisClient>> Create(GrpcClientOptions options);

  /// Opens the channels. Calls before it are UNAVAILABLE.
  void Connect();

  /// Closes the channels; no call may be in flight.
  void Disconnect();

  [[nodiscard]] absl::StatusOr<AnalysisResult> Analyze(std::string dicom) override;
  [[nodiscard]] absl::StatusOr<ModelIdentity> DescribeModel() override;
  void Cancel() override;

 private:
  using Call = std::function<absl::Status(ServiceClient&)>;

  GrpcAnalysisClient(GrpcClientOptions options, std::vector<Endpoint> endpoints);
  [[nodiscard]] absl::Status TryInTurn(const Call& call);

  const GrpcClientOptions options_;
  const std::vector<Endpoint> endpoints_;
  std::vector<std::unique_ptr<ServiceClient>> clients_;
  std::atomic<std::size_t> next_{0};  ///< who comes first in the next call
  std::stop_source stop_;
};

}  // namespace cxr::plugin
