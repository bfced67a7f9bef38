// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/core/service_error.h"

#include "absl/strings/cord.h"
#include "absl/types/optional.h"

namespace cxr::plugin {
namespace {

constexpr absl::string_view kPayloadUrl = "type.cxr-triage/error-reason";

}  // namespace

absl::Status ServiceError(absl::StatusCode code, absl::string_view reason, absl::string_view message) {
  absl::Status status(code, message);
  if (!reason.empty()) status.SetPayload(kPayloadUrl, absl::Cord(reason));
  return status;
}

std::string ReasonOf(const absl::Status& error) {
  const absl::optional<absl::Cord> payload = error.GetPayload(kPayloadUrl);
  return payload.has_value() ? std::string(*payload) : absl::StatusCodeToString(error.code());
}

FailureKind ClassifyServiceError(const absl::Status& error) {
  switch (error.code()) {
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kUnauthenticated:
    case absl::StatusCode::kPermissionDenied:
      return FailureKind::kServiceAway;
    case absl::StatusCode::kResourceExhausted:
      return ReasonOf(error) == kMessageTooLarge ? FailureKind::kPermanent : FailureKind::kServiceAway;
    case absl::StatusCode::kUnimplemented:
      return error.GetPayload(kPayloadUrl).has_value() ? FailureKind::kPermanent : FailureKind::kServiceAway;
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kFailedPrecondition:
    case absl::StatusCode::kOutOfRange:
    case absl::StatusCode::kNotFound:
    case absl::StatusCode::kAlreadyExists:
      return FailureKind::kPermanent;
    default:
      return FailureKind::kTransient;
  }
}

}  // namespace cxr::plugin
