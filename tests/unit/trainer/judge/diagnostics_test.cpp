// SPDX-License-Identifier: Apache-2.0
#include "trainer/judge/diagnostics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "trainer/judge/thorax_mask.h"

namespace cxr {
namespace {

using testing::ElementsAre;

TEST(Roc, StepsThroughTheScoresAndSlopesOverTies) {
  const RocCurve curve = ComputeRoc({0.9, 0.5, 0.5, 0.1}, {true, true, false, false});
  EXPECT_THAT(curve.false_positive_rate, ElementsAre(0, 0, 0.5, 1));
  EXPECT_THAT(curve.true_positive_rate, ElementsAre(0, 0.5, 1, 1));
  EXPECT_TRUE(ComputeRoc({0.1, 0.2}, {true, true}).true_positive_rate.empty());
}

TEST(Reliability, ComparesConfidenceAndAccuracyInEachBin) {
  const auto bins = ComputeReliability({{Pattern::kBacteria, {0.72, 0.2, 0.08}, Pattern::kBacteria},
                                        {Pattern::kNormal, {0.78, 0.2, 0.02}, Pattern::kBacteria},
                                        {Pattern::kVirus, {0, 0, 1}, Pattern::kVirus}});
  ASSERT_EQ(bins.size(), 10U);
  EXPECT_EQ(bins[7].count, 2U);
  EXPECT_DOUBLE_EQ(bins[7].confidence, 0.75);
  EXPECT_DOUBLE_EQ(bins[7].accuracy, 0.5);
  EXPECT_EQ(bins[9].count, 1U);
  EXPECT_EQ(bins[0].count, 0U);
}

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
