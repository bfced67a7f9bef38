// SPDX-License-Identifier: Apache-2.0
#include "service/client/call_error.h"

#include <grpcpp/support/status.h>
#include <gtest/gtest.h>

#include "proto/status_details.h"

namespace cxr {
namespace {

std::string Details(v1::ErrorReason reason, const std::string& message = "There is no pixel data.") {
  v1::ErrorDetail detail;
  detail.set_reason(reason);
  detail.set_message(message);
  return EncodeStatusDetails(3, message, detail);
}

TEST(CallError, CarriesTheServicesReasonAndSentence) {
  const absl::Status error =
      FromGrpc({grpc::StatusCode::INVALID_ARGUMENT, "text of gRPC", Details(v1::ERROR_REASON_NO_PIXEL_DATA)});
  EXPECT_TRUE(absl::IsInvalidArgument(error));
  EXPECT_EQ(error.message(), "There is no pixel data.");
  EXPECT_EQ(ServiceReason(error), "NO_PIXEL_DATA");
  EXPECT_EQ(ReasonOrCode(error), "NO_PIXEL_DATA");
}

TEST(CallError, FallsBackToTheCodeWhereDetailsAreMissingBrokenOrNewer) {
  for (const std::string& details : {std::string(), std::string("\x1a\x7f garbage"),
                                     std::string("\x1a\x03"
                                                 "abc"),
                                     Details(static_cast<v1::ErrorReason>(999))}) {
    const absl::Status error = FromGrpc({grpc::StatusCode::INTERNAL, "boom", details});
    EXPECT_FALSE(ServiceReason(error).has_value());
    EXPECT_EQ(ReasonOrCode(error), "INTERNAL");
  }
}

TEST(CallError, KnowsAMessageThatIsTooLargeFromAnOverload) {
  EXPECT_TRUE(IsMessageTooLarge(
      FromGrpc({grpc::StatusCode::RESOURCE_EXHAUSTED, "Received message larger than max (6 vs. 4)"})));
  EXPECT_FALSE(IsMessageTooLarge(
      FromGrpc({grpc::StatusCode::RESOURCE_EXHAUSTED, "busy", Details(v1::ERROR_REASON_OVERLOADED, "Busy.")})));
}

TEST(CallError, PassesSuccess) {
  EXPECT_TRUE(FromGrpc(grpc::Status::OK).ok());
}

}  // namespace
}  // namespace cxr
