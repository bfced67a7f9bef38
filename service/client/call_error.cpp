// SPDX-License-Identifier: Apache-2.0
#include "service/client/call_error.h"

#include <grpcpp/support/status.h>

#include "absl/strings/cord.h"
#include "absl/strings/match.h"
#include "absl/strings/strip.h"
#include "proto/status_details.h"

namespace cxr {
namespace {

constexpr absl::string_view kPayloadUrl = "type.cxr-triage/service-reason";
constexpr absl::string_view kLostUrl = "type.cxr-triage/connection-lost";

}  // namespace

absl::Status FromGrpc(const grpc::Status& status) {
  if (status.ok()) return absl::OkStatus();
  const auto code = static_cast<absl::StatusCode>(status.error_code());  // the two share their numbers
  const absl::optional<v1::ErrorDetail> detail = FindErrorDetail(status.error_details());
  if (!detail.has_value()) return {code, status.error_message()};
  absl::Status error(code, detail->message());
  const std::string name = v1::ErrorReason_Name(detail->reason());  // empty for a reason newer than this library
  if (!name.empty()) error.SetPayload(kPayloadUrl, absl::Cord(absl::StripPrefix(name, "ERROR_REASON_")));
  return error;
}

absl::optional<std::string> ServiceReason(const absl::Status& error) {
  const absl::optional<absl::Cord> reason = error.GetPayload(kPayloadUrl);
  if (!reason.has_value()) return absl::nullopt;
  return std::string(*reason);
}

std::string ReasonOrCode(const absl::Status& error) {
  return ServiceReason(error).value_or(absl::StatusCodeToString(error.code()));
}

bool IsConnectionLost(const absl::Status& error) {
  return error.GetPayload(kLostUrl).has_value();
}

absl::Status ConnectionLost(absl::string_view message) {
  absl::Status error = absl::UnavailableError(message);
  error.SetPayload(kLostUrl, absl::Cord("true"));
  return error;
}

bool IsMessageTooLarge(const absl::Status& error) {
  return absl::IsResourceExhausted(error) && absl::StrContains(error.message(), "larger than max");
}

}  // namespace cxr
