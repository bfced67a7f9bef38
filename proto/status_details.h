// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "cxr/v1/analysis.pb.h"

namespace cxr {

/// The ErrorDetail inside the trailing metadata `grpc-status-details-bin` of a failed call (a google.rpc.Status { 1:
/// code, 2: message, 3: repeated google.protobuf.Any { 1: type_url, 2: value } }), or nothing when there is none.
[[nodiscard]] absl::optional<v1::ErrorDetail> FindErrorDetail(absl::string_view status_details);

}  // namespace cxr
