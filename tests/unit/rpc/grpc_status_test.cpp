// SPDX-License-Identifier: Apache-2.0
#include "service/rpc/grpc_status.h"

#include <gtest/gtest.h>

#include "service/base/failure.h"
#include "tests/support/rpc/decoded_status.h"

namespace cxr::test {
namespace {

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
