// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <grpcpp/support/status.h>

#include "absl/status/status.h"

namespace cxr::plugin {

/// The one translation of gRPC's status into ours (made by ServiceError). The service's reason is taken from
/// `grpc-status-details-bin`: a google.rpc.Status whose details hold a cxr.v1.ErrorDetail. A message that is too large
/// for client or server has no such detail; it gets the reason MESSAGE_TOO_LARGE.
[[nodiscard]] absl::Status FromGrpc(const grpc::Status& status);

}  // namespace cxr::plugin
