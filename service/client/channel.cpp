// SPDX-License-Identifier: Apache-2.0
#include "service/client/channel.h"

#include <grpcpp/grpcpp.h>

#include "service/base/host_port.h"

namespace cxr {
namespace {

constexpr int kKeepaliveTimeoutMs = 10'000;
constexpr int kFirstReconnectMs = 100;  // a service that is back should be found soon

std::shared_ptr<grpc::ChannelCredentials> CredentialsFor(const Endpoint& endpoint) {
  if (!endpoint.tls.has_value()) return grpc::InsecureChannelCredentials();
  grpc::SslCredentialsOptions options;
  options.pem_root_certs = endpoint.tls->authorities;
  options.pem_cert_chain = endpoint.tls->certificate_chain;
  options.pem_private_key = endpoint.tls->private_key;
  return grpc::SslCredentials(options);
}

bool IsLoopback(const Endpoint& endpoint) {
  const absl::StatusOr<HostPort> address = ParseHostPort(endpoint.address);
  return address.ok() && IsLoopback(*address);
}

int Milliseconds(absl::Duration duration) {
  return static_cast<int>(absl::ToInt64Milliseconds(duration));
}

grpc::ChannelArguments ArgumentsFor(const Endpoint& endpoint, const ChannelOptions& options) {
  grpc::ChannelArguments arguments;
  arguments.SetMaxSendMessageSize(options.max_send_bytes);
  arguments.SetMaxReceiveMessageSize(options.max_receive_bytes);
  arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);  // repeats are ours
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, kFirstReconnectMs);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, Milliseconds(options.connect_timeout));
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, Milliseconds(options.max_reconnect_delay));
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);  // connections of others in this process are not shared
  if (options.use_every_address) arguments.SetLoadBalancingPolicyName("round_robin");
  if (options.keepalive_time != absl::InfiniteDuration()) {
    arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, Milliseconds(options.keepalive_time));
    arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, kKeepaliveTimeoutMs);
  }
  if (!options.use_http_proxy || IsLoopback(endpoint)) arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  return arguments;
}

}  // namespace

std::shared_ptr<grpc::Channel> OpenChannel(const Endpoint& endpoint, const ChannelOptions& options) {
  return grpc::CreateCustomChannel(endpoint.address, CredentialsFor(endpoint), ArgumentsFor(endpoint, options));
}

}  // namespace cxr
