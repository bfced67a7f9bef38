// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/rpc/error_detail.h"

#include <google/protobuf/any.pb.h>
#include <gtest/gtest.h>

#include <string>

#include "cxr/v1/analysis.pb.h"
#include "plugin/core/service_error.h"

namespace cxr::plugin {
namespace {

/// A google.rpc.Status whose details hold one ErrorDetail, written by hand: field 3, length-delimited.
std::string Details(cxr::v1::ErrorReason reason) {
  cxr::v1::ErrorDetail detail;
  detail.set_reason(reason);
  google::protobuf::Any any;
  any.PackFrom(detail);
  const std::string bytes = any.SerializeAsString();
  return std::string("\x08\x03\x1a") + static_cast<char>(bytes.size()) + bytes;
}

TEST(ErrorDetail, CarriesTheServicesReason) {
  const absl::Status status = FromGrpc(
      {grpc::StatusCode::INVALID_ARGUMENT, "There is no pixel data.", Details(cxr::v1::ERROR_REASON_NO_PIXEL_DATA)});
  EXPECT_TRUE(absl::IsInvalidArgument(status));
  EXPECT_EQ(ReasonOf(status), "NO_PIXEL_DATA");
  EXPECT_EQ(status.message(), "There is no pixel data.");
}

TEST(ErrorDetail, FallsBackToTheCodeWhereDetailsAreMissingOrBroken) {
  EXPECT_EQ(ReasonOf(FromGrpc({grpc::StatusCode::INTERNAL, "boom"})), "INTERNAL");
  EXPECT_EQ(ReasonOf(FromGrpc({grpc::StatusCode::INTERNAL, "boom", "\x1a\x7f garbage"})), "INTERNAL");
  EXPECT_EQ(ReasonOf(FromGrpc({grpc::StatusCode::INTERNAL, "boom",
                               std::string("\x1a\x03"
                                           "abc")})),
            "INTERNAL");
}

TEST(ErrorDetail, RecognizesAMessageThatIsTooLarge) {
  const absl::Status status =
      FromGrpc({grpc::StatusCode::RESOURCE_EXHAUSTED, "Received message larger than max (6 vs. 4)"});
  EXPECT_EQ(ReasonOf(status), kMessageTooLarge);
}

TEST(ErrorDetail, PassesSuccess) {
  EXPECT_TRUE(FromGrpc(grpc::Status::OK).ok());
}

}  // namespace
}  // namespace cxr::plugin
