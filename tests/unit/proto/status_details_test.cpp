// SPDX-License-Identifier: Apache-2.0
#include "proto/status_details.h"

#include <gtest/gtest.h>

#include "tests/support/rpc/decoded_status.h"

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

TEST(StatusDetails, AreReadOnlyWhereTheyAreWellFormed) {
  v1::ErrorDetail detail;
  detail.set_reason(v1::ERROR_REASON_NOT_DICOM);
  detail.set_message("message");
  const std::string good = EncodeStatusDetails(3, "message", detail);
  ASSERT_TRUE(FindErrorDetail(good).has_value());
  EXPECT_EQ(FindErrorDetail(good)->reason(), v1::ERROR_REASON_NOT_DICOM);
  EXPECT_FALSE(FindErrorDetail("").has_value());
  EXPECT_FALSE(FindErrorDetail("\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF").has_value());
  for (std::size_t length = 0; length < good.size(); ++length) {
    EXPECT_FALSE(FindErrorDetail(good.substr(0, length)).has_value()) << length;
  }
}

}  // namespace
}  // namespace cxr::test
