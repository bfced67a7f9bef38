// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/rpc/channel_pool.h"

namespace cxr::plugin {
namespace {

constexpr int kKeepaliveMs = 30'000;
constexpr int kKeepaliveTimeoutMs = 10'000;
constexpr int kMaxReconnectMs = 5'000;  // a service that is back should be found soon

grpc::ChannelArguments Arguments(int max_message_bytes) {
  grpc::ChannelArguments arguments;
  arguments.SetMaxSendMessageSize(max_message_bytes);
  arguments.SetMaxReceiveMessageSize(max_message_bytes);
  arguments.SetLoadBalancingPolicyName("round_robin");
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, kKeepaliveMs);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, kKeepaliveTimeoutMs);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, kMaxReconnectMs);
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);  // other plugins' channels are none of our business
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);          // patient data take no detour that nobody configured here
  return arguments;
}

}  // namespace

ChannelPool::ChannelPool(const std::vector<std::string>& addresses,
                         const std::shared_ptr<grpc::ChannelCredentials>& credentials, int max_message_bytes) {
  for (const std::string& address : addresses) {
    stubs_.push_back(cxr::v1::AnalysisService::NewStub(
        grpc::CreateCustomChannel(address, credentials, Arguments(max_message_bytes))));
  }
}

std::vector<cxr::v1::AnalysisService::Stub*> ChannelPool::InTurn() {
  const std::size_t first = next_.fetch_add(1, std::memory_order_relaxed);
  std::vector<cxr::v1::AnalysisService::Stub*> order;
  for (std::size_t i = 0; i < stubs_.size(); ++i) order.push_back(stubs_[(first + i) % stubs_.size()].get());
  return order;
}

}  // namespace cxr::plugin
