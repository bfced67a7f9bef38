// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "trainer/learn/fine_tune_steps.h"

namespace cxr {
namespace {

TEST(WaitShare, IsThePartOfAllStepsTimeThatWasSpentOnImages) {
  EXPECT_EQ(WaitShare({}), 0);
  EXPECT_EQ(WaitShare({{0, 1, 2, 1}}), 0);
  EXPECT_DOUBLE_EQ(WaitShare({{1, 2, 3, 0}, {1, 0, 0, 1}}), 0.25);
}

}  // namespace
}  // namespace cxr
