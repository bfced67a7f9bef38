// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace cxr::plugin {

/// What a failed call to the service means for the instance.
enum class FailureKind {
  kServiceAway,  ///< nothing wrong with the instance: wait for the service as long as it takes
  kTransient,    ///< may pass: repeat a bounded number of times
  kPermanent,    ///< will not pass: the instance has failed
};

/// A Status that carries the service's machine-readable reason ("NO_PIXEL_DATA"), which may be empty.
[[nodiscard]] absl::Status ServiceError(absl::StatusCode code, absl::string_view reason, absl::string_view message);

/// The reason inside a Status made by ServiceError, or the name of its code ("DEADLINE_EXCEEDED").
[[nodiscard]] std::string ReasonOf(const absl::Status& error);

/// Sorts an error of the service. An UNIMPLEMENTED without the service's reason, an UNAUTHENTICATED or a
/// PERMISSION_DENIED is a wrong address or credential, never a property of an instance, so it counts as "away".
/// RESOURCE_EXHAUSTED is overload
/// ("away") unless the reason is MESSAGE_TOO_LARGE.
[[nodiscard]] FailureKind ClassifyServiceError(const absl::Status& error);

/// The reason of an UNAVAILABLE call whose connection was lost while the radiograph was with the service: it may have
/// been the radiograph that ended it. A connection that could not be opened has no such reason.
inline constexpr char kConnectionLost[] = "CONNECTION_LOST";

/// The reason of a message beyond the size that client or server accepts.
inline constexpr char kMessageTooLarge[] = "MESSAGE_TOO_LARGE";

}  // namespace cxr::plugin
