// SPDX-License-Identifier: Apache-2.0
#include "service/rpc/analysis_server.h"

#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/resource_quota.h>
#include <grpcpp/server_builder.h>

#include <algorithm>
#include <cstdint>
#include <utility>

#include "absl/strings/str_cat.h"

namespace cxr {
namespace {

/// A request is a little more than its DICOM instance.
constexpr std::int64_t kEnvelopeBytes = std::int64_t{64} << 10U;
constexpr int kUnreadBytes = 64 * 1024;
/// Memory of gRPC beside messages: buffers of connections, answers.
constexpr std::size_t kTransportBytes = std::size_t{64} << 20U;
/// Threads of the reflection service, and those that gRPC needs for itself.
constexpr int kTransportThreads = 16;

void LimitMessages(const RequestLimits& limits, grpc::ServerBuilder& builder) {
  // gRPC's default of 4 MiB is less than one DX image; answers are our own and need no limit.
  builder.SetMaxReceiveMessageSize(
      static_cast<int>(std::min<std::int64_t>(limits.message_bytes() + kEnvelopeBytes, INT32_MAX)));
  builder.SetMaxSendMessageSize(-1);
}

void LimitResources(const RequestLimits& limits, grpc::ServerBuilder& builder) {
  grpc::ResourceQuota quota("cxr-service");
  quota.SetMaxThreads(kTransportThreads);
  // gRPC receives a message whole before it compares its length with the limit: this is what ends one that goes on and
  // on.
  quota.Resize(static_cast<std::size_t>(limits.held_bytes() + limits.message_bytes()) + kTransportBytes);
  builder.SetResourceQuota(quota);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, limits.max_calls);
  // A request that nobody reads yet may send this much; gRPC's own guess grows to megabytes on a fast line.
  builder.AddChannelArgument(GRPC_ARG_HTTP2_BDP_PROBE, 0);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_STREAM_LOOKAHEAD_BYTES, kUnreadBytes);
}

void SetKeepalive(grpc::ServerBuilder& builder) {
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, 60'000);  // finds clients that vanished without a word
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 20'000);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS,
                             10'000);                       // clients may ping this often
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);  // or two servers would share a port without knowing
}

}  // namespace

absl::StatusOr<std::unique_ptr<AnalysisServer>> AnalysisServer::Start(const ServerOptions& options,
                                                                      AnalysisHandler& handler) {
  grpc::EnableDefaultHealthCheckService(true);
  grpc::reflection::InitProtoReflectionServerBuilderPlugin();
  grpc::ServerBuilder builder;
  LimitMessages(handler.limits(), builder);
  LimitResources(handler.limits(), builder);
  SetKeepalive(builder);
  int port = 0;
  builder.AddListeningPort(ToString(options.listen), options.credentials, &port);
  builder.RegisterService(&handler);
  builder.RegisterCallbackGenericService(&handler);
  std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  if (server == nullptr || port <= 0) {
    return absl::UnavailableError(
        absl::StrCat("cannot listen on ", ToString(options.listen),
                     ": the port is in use, the address is not one of this machine, or the TLS "
                     "certificate and key do not fit each other"));
  }
  HostPort address{options.listen.host, static_cast<std::uint16_t>(port)};
  std::unique_ptr<AnalysisServer> started(new AnalysisServer(std::move(server), std::move(address)));
  started->SetServing(false);  // gRPC begins with SERVING
  return started;
}

AnalysisServer::AnalysisServer(std::unique_ptr<grpc::Server> server, HostPort address)
    : server_(std::move(server)), address_(std::move(address)) {}

AnalysisServer::~AnalysisServer() {
  Shutdown(std::chrono::system_clock::now());
}

void AnalysisServer::SetServing(bool serving) {
  grpc::HealthCheckServiceInterface* health = server_->GetHealthCheckService();
  health->SetServingStatus(v1::AnalysisService::service_full_name(), serving);
  health->SetServingStatus(serving);
}

void AnalysisServer::Shutdown(std::chrono::system_clock::time_point deadline) {
  server_->Shutdown(deadline);
}

}  // namespace cxr
