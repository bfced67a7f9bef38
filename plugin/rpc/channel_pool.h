// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <grpcpp/grpcpp.h>

#include <atomic>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "cxr/v1/analysis.grpc.pb.h"

namespace cxr::plugin {

/// One channel to each address, used in turn. gRPC's own round robin balances the machines behind one name; this
/// balances several names. Thread-safe.
class ChannelPool {
 public:
  ChannelPool(const std::vector<std::string>& addresses, const std::shared_ptr<grpc::ChannelCredentials>& credentials,
              int max_message_bytes);

  /// The stubs in the order in which one call should try them; a different one comes first each time.
  [[nodiscard]] std::vector<cxr::v1::AnalysisService::Stub*> InTurn();

 private:
  std::vector<std::unique_ptr<cxr::v1::AnalysisService::Stub>> stubs_;
  std::atomic<std::size_t> next_{0};
};

}  // namespace cxr::plugin
