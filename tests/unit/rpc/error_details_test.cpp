// SPDX-License-Identifier: Apache-2.0
#include "service/rpc/error_details.h"

#include <gtest/gtest.h>

#include "service/core/failure.h"
#include "service/rpc/grpc_status.h"
#include "tests/unit/rpc/status_details.h"

namespace cxr::test {
namespace {

TEST(StatusDetails, AreAGoogleRpcStatusWithOneErrorDetail) {
  v1::ErrorDetail detail;
  detail.set_reason(v1::ERROR_REASON_NO_PIXEL_DATA);
  detail.set_message("There is no pixel data.");
  const DecodedStatus decoded = DecodeStatusDetails(EncodeStatusDetails(3, "There is no pixel data.", detail));
  ASSERT_TRUE(decoded.well_formed);
  EXPECT_EQ(decoded.code, 3);
  EXPECT_EQ(decoded.message, "There is no pixel data.");
  ASSERT_EQ(decoded.details.size(), 1U);
  EXPECT_EQ(decoded.details[0].reason(), v1::ERROR_REASON_NO_PIXEL_DATA);
  EXPECT_EQ(decoded.details[0].message(), "There is no pixel data.");
}

TEST(StatusDetails, SurviveEmptyAndLongMessages) {
  for (const std::size_t length : {std::size_t{0}, std::size_t{127}, std::size_t{128}, std::size_t{70000}}) {
    v1::ErrorDetail detail;
    detail.set_message(std::string(length, 'x'));
    const DecodedStatus decoded = DecodeStatusDetails(EncodeStatusDetails(13, std::string(length, 'y'), detail));
    ASSERT_TRUE(decoded.well_formed) << length;
    EXPECT_EQ(decoded.message.size(), length);
    ASSERT_EQ(decoded.details.size(), 1U);
    EXPECT_EQ(decoded.details[0].message().size(), length);
  }
}

TEST(GrpcStatus, AStatusWithoutReasonIsAFaultOfOurs) {
  const grpc::Status status = ToGrpcStatus(absl::NotFoundError("who knows"));
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INTERNAL);
  EXPECT_EQ(DecodeStatusDetails(status.error_details()).details.at(0).reason(), v1::ERROR_REASON_INTERNAL);
}

TEST(GrpcStatus, OkAndCancelledStayWhatTheyAre) {
  EXPECT_TRUE(ToGrpcStatus(absl::OkStatus()).ok());
  EXPECT_EQ(ToGrpcStatus(absl::CancelledError("gone")).error_code(), grpc::StatusCode::CANCELLED);
}

TEST(GrpcStatus, AgreesWithTheCodeThatCoreGivesEachReason) {
  for (int reason = 1; reason <= 12; ++reason) {
    const absl::Status failure = Failure(static_cast<FailureReason>(reason), "why");
    EXPECT_EQ(static_cast<int>(ToGrpcStatus(failure).error_code()), static_cast<int>(failure.code())) << reason;
  }
}

TEST(GrpcStatus, CodesHaveTheirPublishedNames) {
  EXPECT_EQ(GrpcCodeName(grpc::StatusCode::OK), "OK");
  EXPECT_EQ(GrpcCodeName(grpc::StatusCode::RESOURCE_EXHAUSTED), "RESOURCE_EXHAUSTED");
  EXPECT_EQ(GrpcCodeName(grpc::StatusCode::UNAUTHENTICATED), "UNAUTHENTICATED");
  EXPECT_EQ(GrpcCodeName(static_cast<grpc::StatusCode>(99)), "UNKNOWN");
}

}  // namespace
}  // namespace cxr::test
