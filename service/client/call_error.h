// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"

namespace grpc {
class Status;
}

namespace cxr {

/// gRPC's status as absl's: the code is the same; the message is the service's own sentence where it gave one; the
/// service's reason, if any, goes along and is found by ServiceReason.
[[nodiscard]] absl::Status FromGrpc(const grpc::Status& status);

/// The machine-readable reason that the service gave for a failed call: an ErrorReason without its prefix, for example
/// "NO_PIXEL_DATA". Nothing where the failure is not the service's word (nobody answered, a deadline), or its reason is
/// newer than this library.
[[nodiscard]] absl::optional<std::string> ServiceReason(const absl::Status& error);

/// ServiceReason, or the name of the code where there is none ("UNAVAILABLE").
[[nodiscard]] std::string ReasonOrCode(const absl::Status& error);

/// Whether an UNAVAILABLE call had reached the server when its connection broke, so that the request itself may have
/// ended the server. False where no connection could be opened, and where the server or a proxy before it answered.
[[nodiscard]] bool IsConnectionLost(const absl::Status& error);

/// An error for which IsConnectionLost is true.
[[nodiscard]] absl::Status ConnectionLost(absl::string_view message);

/// Whether a message was beyond the size that client or server accepts, which no repeat will make smaller. gRPC uses
/// one code for that and for "busy, come back".
[[nodiscard]] bool IsMessageTooLarge(const absl::Status& error);

}  // namespace cxr
