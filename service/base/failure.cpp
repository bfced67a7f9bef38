// SPDX-License-Identifier: Apache-2.0
#include "service/base/failure.h"

#include <array>

#include "absl/strings/cord.h"

namespace cxr {
namespace {

constexpr absl::string_view kPayloadUrl = "type.cxr-triage/failure-reason";

struct Entry {
  FailureReason reason;
  absl::StatusCode code;
  const char* name;
};

constexpr std::array<Entry, 13> kTable = {{
    {FailureReason::kNotDicom, absl::StatusCode::kInvalidArgument, "NOT_DICOM"},
    {FailureReason::kTruncated, absl::StatusCode::kInvalidArgument, "TRUNCATED"},
    {FailureReason::kNoPixelData, absl::StatusCode::kInvalidArgument, "NO_PIXEL_DATA"},
    {FailureReason::kInvalidImageSize, absl::StatusCode::kInvalidArgument, "INVALID_IMAGE_SIZE"},
    {FailureReason::kMissingUid, absl::StatusCode::kInvalidArgument, "MISSING_UID"},
    {FailureReason::kUnsupportedTransferSyntax, absl::StatusCode::kUnimplemented, "UNSUPPORTED_TRANSFER_SYNTAX"},
    {FailureReason::kUndecodablePixelData, absl::StatusCode::kInvalidArgument, "UNDECODABLE_PIXEL_DATA"},
    {FailureReason::kInvalidRequest, absl::StatusCode::kInvalidArgument, "INVALID_REQUEST"},
    {FailureReason::kOverloaded, absl::StatusCode::kResourceExhausted, "OVERLOADED"},
    {FailureReason::kDeadline, absl::StatusCode::kDeadlineExceeded, "DEADLINE"},
    {FailureReason::kNotServing, absl::StatusCode::kUnavailable, "NOT_SERVING"},
    {FailureReason::kInternal, absl::StatusCode::kInternal, "INTERNAL"},
    {FailureReason::kInvalidUid, absl::StatusCode::kInvalidArgument, "INVALID_UID"},
}};

}  // namespace

absl::Status Failure(FailureReason reason, absl::string_view message) {
  for (const Entry& entry : kTable) {
    if (entry.reason != reason) continue;
    absl::Status status(entry.code, message);
    status.SetPayload(kPayloadUrl, absl::Cord(entry.name));
    return status;
  }
  return absl::InternalError(message);
}

absl::optional<FailureReason> FailureReasonOf(const absl::Status& status) {
  const absl::optional<absl::Cord> payload = status.GetPayload(kPayloadUrl);
  if (!payload.has_value()) return absl::nullopt;
  for (const Entry& entry : kTable) {
    if (*payload == entry.name) return entry.reason;
  }
  return absl::nullopt;
}

absl::string_view FailureReasonName(FailureReason reason) {
  for (const Entry& entry : kTable) {
    if (entry.reason == reason) return entry.name;
  }
  return "UNKNOWN";
}

}  // namespace cxr
