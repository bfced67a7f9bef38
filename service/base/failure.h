// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"

namespace cxr {

/// The machine-readable reason of a failure; it travels inside the Status as a payload.
enum class FailureReason {
  kNotDicom = 1,
  kTruncated,
  kNoPixelData,
  kInvalidImageSize,
  kMissingUid,
  kUnsupportedTransferSyntax,
  kUndecodablePixelData,
  kInvalidRequest,
  kOverloaded,
  kDeadline,
  kNotServing,
  kInternal,
  kInvalidUid,
};

/// A Status with the code that belongs to the reason: INVALID_ARGUMENT for unreadable input, UNIMPLEMENTED for a
/// transfer syntax, RESOURCE_EXHAUSTED, DEADLINE_EXCEEDED, UNAVAILABLE or INTERNAL for the rest. `message` is one
/// sentence that names what is wrong and what was expected; it holds no patient data.
[[nodiscard]] absl::Status Failure(FailureReason reason, absl::string_view message);

/// The reason inside a Status made by Failure, or nothing.
[[nodiscard]] absl::optional<FailureReason> FailureReasonOf(const absl::Status& status);

/// The reason's name, for example "NO_PIXEL_DATA".
[[nodiscard]] absl::string_view FailureReasonName(FailureReason reason);

}  // namespace cxr
