// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "cxr/v1/analysis.pb.h"

namespace cxr {

/// The value of the trailing metadata `grpc-status-details-bin`: a google.rpc.Status { int32 code = 1; string message =
/// 2; repeated google.protobuf.Any details = 3 } whose one detail is `detail`. Written field by field, because the
/// message's .proto is not part of protobuf and a second registration of it in one process would end the process.
[[nodiscard]] std::string EncodeStatusDetails(int code, absl::string_view message, const v1::ErrorDetail& detail);

}  // namespace cxr
