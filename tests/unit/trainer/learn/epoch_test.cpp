// SPDX-License-Identifier: Apache-2.0
#include "trainer/learn/epoch.h"

#include <gtest/gtest.h>

namespace cxr {
namespace {

TEST(EarlyStop, WaitsForItsPatienceAfterTheBestEpoch) {
  EXPECT_FALSE(ShouldStop({}, 1));
  EXPECT_FALSE(ShouldStop({0.5}, 1));
  EXPECT_FALSE(ShouldStop({0.5, 0.6}, 1));
  EXPECT_TRUE(ShouldStop({0.5, 0.6, 0.6}, 1)) << "as good is not better";
  EXPECT_FALSE(ShouldStop({0.5, 0.6, 0.6}, 2));
  EXPECT_TRUE(ShouldStop({0.5, 0.6, 0.4, 0.5}, 2));
}

TEST(EarlyStop, NeverHappensWithoutPatience) {
  EXPECT_FALSE(ShouldStop({0.9, 0.1, 0.1, 0.1}, 0));
}

TEST(BestEpoch, IsTheFirstOfTheHighest) {
  EXPECT_EQ(BestEpoch({}), 0);
  EXPECT_EQ(BestEpoch({0.1, 0.7, 0.7, 0.3}), 2);
}

TEST(SelectionScore, IsTheFigureAskedForAndAveragesTheClassesThatHaveOne) {
  Metrics metrics;
  metrics.accuracy = 0.5;
  metrics.macro_auroc = 0.75;
  metrics.classes[0].recall = 1.0;
  metrics.classes[2].recall = 0.5;
  EXPECT_EQ(SelectionScore(metrics, SelectionMetric::kAccuracy), 0.5);
  EXPECT_EQ(SelectionScore(metrics, SelectionMetric::kMacroAuroc), 0.75);
  EXPECT_EQ(SelectionScore(metrics, SelectionMetric::kMacroRecall), 0.75);
  EXPECT_EQ(SelectionScore(metrics, SelectionMetric::kPneumoniaAuroc), 0) << "not defined";
}

}  // namespace
}  // namespace cxr
