// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <grpcpp/channel.h>

#include <memory>

#include "service/client/endpoint.h"

namespace cxr {

/// Opens a channel to a valid endpoint, without connecting.
[[nodiscard]] std::shared_ptr<grpc::Channel> OpenChannel(const Endpoint& endpoint, const ChannelOptions& options);

}  // namespace cxr
