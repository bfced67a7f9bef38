// SPDX-License-Identifier: Apache-2.0
#include "service/rpc/access_log.h"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "absl/strings/string_view.h"
#include "service/base/failure.h"
#include "service/rpc/grpc_status.h"
#include "service/rpc/wire_text.h"

namespace cxr {
namespace {

/// A UID of a hostile source must not be able to write lines of its own (PS3.5, section 9.1: digits and dots, 64 at
/// most).
std::string LoggableUid(const std::string& uid) {
  constexpr std::size_t kMaxLength = 64;
  const bool valid =
      !uid.empty() && uid.size() <= kMaxLength && uid.find_first_not_of("0123456789.") == std::string::npos;
  return valid ? uid : "-";
}

std::string ReasonOf(const absl::Status& status) {
  const absl::optional<FailureReason> reason = FailureReasonOf(status);
  return reason.has_value() ? std::string(FailureReasonName(*reason)) : "-";
}

spdlog::level::level_enum LevelOf(grpc::StatusCode code) {
  if (code == grpc::StatusCode::OK) return spdlog::level::info;
  return code == grpc::StatusCode::INTERNAL ? spdlog::level::err : spdlog::level::warn;
}

}  // namespace

void LogCall(const CallRecord& call) {
  const grpc::Status status = ToGrpcStatus(call.status);
  const bool fault = status.error_code() == grpc::StatusCode::INTERNAL;
  spdlog::log(LevelOf(status.error_code()),
              "{} peer={} sop={} code={} reason={} outcome=\"{}\" in={} out={} ms={:.1f}{}{}", call.method,
              WireText(call.peer), LoggableUid(call.sop_instance_uid), std::string(GrpcCodeName(status.error_code())),
              ReasonOf(call.status), call.outcome, call.request_bytes, call.response_bytes,
              static_cast<double>(call.duration.count()) / 1000.0, fault ? " fault=" : "",
              fault ? status.error_message() : std::string());
}

}  // namespace cxr
