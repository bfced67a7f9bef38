// SPDX-License-Identifier: Apache-2.0
#include "service/rpc/grpc_status.h"

#include <array>

#include "proto/status_details.h"
#include "service/base/failure.h"
#include "service/rpc/wire_text.h"

namespace cxr {
namespace {

struct Row {
  FailureReason reason;
  grpc::StatusCode code;
  v1::ErrorReason wire;
};

constexpr std::array<Row, 13> kTable = {{
    {FailureReason::kNotDicom, grpc::StatusCode::INVALID_ARGUMENT, v1::ERROR_REASON_NOT_DICOM},
    {FailureReason::kTruncated, grpc::StatusCode::INVALID_ARGUMENT, v1::ERROR_REASON_TRUNCATED},
    {FailureReason::kNoPixelData, grpc::StatusCode::INVALID_ARGUMENT, v1::ERROR_REASON_NO_PIXEL_DATA},
    {FailureReason::kInvalidImageSize, grpc::StatusCode::INVALID_ARGUMENT, v1::ERROR_REASON_INVALID_IMAGE_SIZE},
    {FailureReason::kMissingUid, grpc::StatusCode::INVALID_ARGUMENT, v1::ERROR_REASON_MISSING_UID},
    {FailureReason::kInvalidUid, grpc::StatusCode::INVALID_ARGUMENT, v1::ERROR_REASON_INVALID_UID},
    {FailureReason::kUnsupportedTransferSyntax, grpc::StatusCode::UNIMPLEMENTED,
     v1::ERROR_REASON_UNSUPPORTED_TRANSFER_SYNTAX},
    {FailureReason::kUndecodablePixelData, grpc::StatusCode::INVALID_ARGUMENT, v1::ERROR_REASON_UNDECODABLE_PIXEL_DATA},
    {FailureReason::kInvalidRequest, grpc::StatusCode::INVALID_ARGUMENT, v1::ERROR_REASON_INVALID_REQUEST},
    {FailureReason::kOverloaded, grpc::StatusCode::RESOURCE_EXHAUSTED, v1::ERROR_REASON_OVERLOADED},
    {FailureReason::kDeadline, grpc::StatusCode::DEADLINE_EXCEEDED, v1::ERROR_REASON_DEADLINE},
    {FailureReason::kNotServing, grpc::StatusCode::UNAVAILABLE, v1::ERROR_REASON_NOT_SERVING},
    {FailureReason::kInternal, grpc::StatusCode::INTERNAL, v1::ERROR_REASON_INTERNAL},
}};

const Row& RowOf(FailureReason reason) {
  for (const Row& row : kTable) {
    if (row.reason == reason) return row;
  }
  return kTable.back();
}

}  // namespace

grpc::Status ToGrpcStatus(const absl::Status& status) {
  if (status.ok()) return grpc::Status::OK;
  const std::string message = WireText(status.message());
  if (absl::IsCancelled(status)) return {grpc::StatusCode::CANCELLED, message};
  const Row& row = RowOf(FailureReasonOf(status).value_or(FailureReason::kInternal));
  v1::ErrorDetail detail;
  detail.set_reason(row.wire);
  detail.set_message(message);
  return {row.code, message, EncodeStatusDetails(row.code, message, detail)};
}

void AddReason(grpc::CallbackServerContext& context, const absl::Status& status) {
  const absl::optional<FailureReason> reason = FailureReasonOf(status);
  if (reason.has_value()) context.AddTrailingMetadata(kErrorReasonMetadata, std::string(FailureReasonName(*reason)));
}

std::string GrpcCodeName(grpc::StatusCode code) {
  const std::string name =
      absl::StatusCodeToString(static_cast<absl::StatusCode>(code));  // the two share their numbers
  return name.empty() ? "UNKNOWN" : name;
}

}  // namespace cxr
