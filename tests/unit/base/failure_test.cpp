// SPDX-License-Identifier: Apache-2.0
#include "service/base/failure.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace cxr {
namespace {

struct Row {
  FailureReason reason;
  absl::StatusCode code;
};

constexpr Row kRows[] = {
    {FailureReason::kNotDicom, absl::StatusCode::kInvalidArgument},
    {FailureReason::kTruncated, absl::StatusCode::kInvalidArgument},
    {FailureReason::kNoPixelData, absl::StatusCode::kInvalidArgument},
    {FailureReason::kInvalidImageSize, absl::StatusCode::kInvalidArgument},
    {FailureReason::kMissingUid, absl::StatusCode::kInvalidArgument},
    {FailureReason::kUnsupportedTransferSyntax, absl::StatusCode::kUnimplemented},
    {FailureReason::kUndecodablePixelData, absl::StatusCode::kInvalidArgument},
    {FailureReason::kInvalidRequest, absl::StatusCode::kInvalidArgument},
    {FailureReason::kOverloaded, absl::StatusCode::kResourceExhausted},
    {FailureReason::kDeadline, absl::StatusCode::kDeadlineExceeded},
    {FailureReason::kNotServing, absl::StatusCode::kUnavailable},
    {FailureReason::kInternal, absl::StatusCode::kInternal},
    {FailureReason::kInvalidUid, absl::StatusCode::kInvalidArgument},
};

TEST(Failure, CarriesCodeReasonAndSentence) {
  for (const Row& row : kRows) {
    const absl::Status status = Failure(row.reason, "What is wrong, and what was expected.");
    EXPECT_EQ(status.code(), row.code) << FailureReasonName(row.reason);
    EXPECT_EQ(FailureReasonOf(status), row.reason);
    EXPECT_EQ(status.message(), "What is wrong, and what was expected.");
  }
}

TEST(Failure, EveryReasonHasANameOfItsOwn) {
  std::set<std::string> names;
  for (const Row& row : kRows) names.insert(std::string(FailureReasonName(row.reason)));
  EXPECT_EQ(names.size(), std::size(kRows));
  EXPECT_EQ(names.count("UNKNOWN"), 0U);
}

TEST(Failure, AStatusMadeElsewhereHasNoReason) {
  EXPECT_FALSE(FailureReasonOf(absl::OkStatus()).has_value());
  EXPECT_FALSE(FailureReasonOf(absl::InternalError("elsewhere")).has_value());
}

}  // namespace
}  // namespace cxr
