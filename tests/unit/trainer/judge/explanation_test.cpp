// SPDX-License-Identifier: Apache-2.0
#include "trainer/judge/explanation.h"

#include <gtest/gtest.h>

namespace cxr {
namespace {

TEST(ThoraxMask, HasItsAreaOfAnEvenMapAndAllOfAMapAtItsCenter) {
  const ThoraxMask mask;
  EXPECT_NEAR(*ShareInside({7, 7, std::vector<float>(49, 1)}, mask), mask.Area(), 0.005);
  ClassMap central{7, 7, std::vector<float>(49, 0)};
  central.values[24] = 1;
  EXPECT_GT(*ShareInside(central, mask), 0.95);
  EXPECT_TRUE(PeakInside(central, mask));
  ClassMap corner{7, 7, std::vector<float>(49, 0)};
  corner.values[0] = 1;
  EXPECT_LT(*ShareInside(corner, mask), 0.05);
  EXPECT_FALSE(PeakInside(corner, mask));
  EXPECT_FALSE(ShareInside({7, 7, std::vector<float>(49, 0)}, mask).has_value());
}

}  // namespace
}  // namespace cxr
