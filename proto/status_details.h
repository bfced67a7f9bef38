// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "cxr/v1/analysis.pb.h"

namespace cxr {

/// The trailing metadata `grpc-status-details-bin` of a failed call holds a google.rpc.Status { int32 code = 1; string
/// message = 2; repeated google.protobuf.Any details = 3 }. It is written and read field by field, because the
/// message's .proto is not part of protobuf, and a second registration of it in one process would end the process.

/// That message, with `detail` as its one detail.
[[nodiscard]] std::string EncodeStatusDetails(int code, absl::string_view message, const v1::ErrorDetail& detail);

/// The first ErrorDetail among the details of that message, or nothing when there is none or the bytes are no such
/// message.
[[nodiscard]] absl::optional<v1::ErrorDetail> FindErrorDetail(absl::string_view status_details);

}  // namespace cxr
