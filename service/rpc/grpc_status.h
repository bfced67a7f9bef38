// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <grpcpp/server_context.h>
#include <grpcpp/support/status.h>

#include <string>

#include "absl/status/status.h"

namespace cxr {

/// The trailing metadata that names the reason of a failure, for example "NO_PIXEL_DATA", for clients without protobuf.
inline constexpr const char* kErrorReasonMetadata = "cxr-error-reason";

/// The only table of this process from Status to gRPC. A failure with a FailureReason carries code, message and, as
/// google.rpc.Status, an ErrorDetail; CANCELLED stays CANCELLED; a status without reason is INTERNAL with reason
/// INTERNAL.
[[nodiscard]] grpc::Status ToGrpcStatus(const absl::Status& status);

/// Names the reason of a failure in the trailing metadata of a call; a status without one changes nothing. Before the
/// call is finished.
void AddReason(grpc::CallbackServerContext& context, const absl::Status& status);

/// "OK", "INVALID_ARGUMENT" and so on.
[[nodiscard]] std::string GrpcCodeName(grpc::StatusCode code);

}  // namespace cxr
