// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/rpc/error_detail.h"

#include <google/protobuf/any.pb.h>
#include <google/protobuf/unknown_field_set.h>

#include <string>

#include "absl/strings/match.h"
#include "absl/strings/strip.h"
#include "cxr/v1/analysis.pb.h"
#include "plugin/core/service_error.h"

namespace cxr::plugin {
namespace {

// google.rpc.Status { int32 code = 1; string message = 2; repeated google.protobuf.Any details = 3; } is read as
// unknown fields, for Debian ships no header for it.
constexpr int kDetailsField = 3;

std::string ReasonInDetails(const std::string& details) {
  google::protobuf::UnknownFieldSet status;
  if (!status.ParseFromString(details)) return {};
  for (int i = 0; i < status.field_count(); ++i) {
    const google::protobuf::UnknownField& field = status.field(i);
    if (field.number() != kDetailsField || field.type() != google::protobuf::UnknownField::TYPE_LENGTH_DELIMITED)
      continue;
    google::protobuf::Any any;
    cxr::v1::ErrorDetail detail;
    if (!any.ParseFromString(field.length_delimited()) || !any.UnpackTo(&detail)) continue;
    const std::string& name = cxr::v1::ErrorReason_Name(detail.reason());
    return std::string(absl::StripPrefix(name, "ERROR_REASON_"));
  }
  return {};
}

bool IsTooLarge(const grpc::Status& status) {
  return status.error_code() == grpc::StatusCode::RESOURCE_EXHAUSTED &&
         absl::StrContains(status.error_message(), "larger than max");
}

}  // namespace

absl::Status FromGrpc(const grpc::Status& status) {
  if (status.ok()) return absl::OkStatus();
  const auto code = static_cast<absl::StatusCode>(status.error_code());  // the two share their numbers
  const std::string reason = IsTooLarge(status) ? kMessageTooLarge : ReasonInDetails(status.error_details());
  return ServiceError(code, reason, status.error_message());
}

}  // namespace cxr::plugin
