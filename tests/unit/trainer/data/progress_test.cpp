// SPDX-License-Identifier: Apache-2.0
#include "trainer/data/progress.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cxr {
namespace {

TEST(FormatDuration, IsMinutesAndSecondsOrHoursToo) {
  EXPECT_EQ(FormatDuration(0), "0:00");
  EXPECT_EQ(FormatDuration(65.9), "1:05");
  EXPECT_EQ(FormatDuration(3753), "1:02:33");
  EXPECT_EQ(FormatDuration(-3), "0:00");
}

TEST(Progress, EndsWithALineThatSaysHowMuchAndHowFast) {
  testing::internal::CaptureStderr();
  {
    Progress progress("epoch", 4);
    for (int i = 0; i < 4; ++i) progress.Add(1, "loss 0.5");
  }
  const std::string text = testing::internal::GetCapturedStderr();
  EXPECT_THAT(text, testing::HasSubstr("4/4"));
  EXPECT_THAT(text, testing::HasSubstr("images/s"));
  EXPECT_THAT(text, testing::HasSubstr("left"));
  EXPECT_THAT(text, testing::HasSubstr("loss 0.5"));
  EXPECT_EQ(text.back(), '\n');
}

TEST(Progress, SaysWhenItStoppedEarly) {
  testing::internal::CaptureStderr();
  { Progress("epoch", 4).Add(1); }
  EXPECT_THAT(testing::internal::GetCapturedStderr(), testing::HasSubstr("stopped"));
}

}  // namespace
}  // namespace cxr
