// SPDX-License-Identifier: Apache-2.0
#include "trainer/judge/metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "trainer/judge/explanation.h"

namespace cxr {
namespace {

using testing::ElementsAre;

constexpr Pattern kB = Pattern::kBacteria;
constexpr Pattern kN = Pattern::kNormal;
constexpr Pattern kV = Pattern::kVirus;

/// Confusion, worked out by hand: B: 2 right, 1 as V. N: 3 right, 1 as B. V: 1 right, 1 as B, 1 as N.
std::vector<Prediction> TenImages() {
  return {
      {kB, {0.8, 0.1, 0.1}, kB}, {kB, {0.6, 0.1, 0.3}, kB}, {kB, {0.2, 0.2, 0.6}, kV}, {kN, {0.1, 0.8, 0.1}, kN},
      {kN, {0.2, 0.7, 0.1}, kN}, {kN, {0.1, 0.9, 0.0}, kN}, {kN, {0.5, 0.4, 0.1}, kB}, {kV, {0.2, 0.1, 0.7}, kV},
      {kV, {0.6, 0.1, 0.3}, kB}, {kV, {0.1, 0.5, 0.4}, kN},
  };
}

TEST(Metrics, EqualTheTableWorkedOutByHand) {
  const Metrics metrics = ComputeMetrics(TenImages());
  EXPECT_EQ(metrics.count, 10U);
  EXPECT_DOUBLE_EQ(*metrics.accuracy, 0.6);
  EXPECT_EQ(metrics.confusion, (std::array<std::array<std::size_t, 3>, 3>{{{2, 0, 1}, {1, 3, 0}, {1, 1, 1}}}));
  const ClassMetrics& bacteria = metrics.classes[0];
  EXPECT_EQ(bacteria.support, 3U);
  EXPECT_DOUBLE_EQ(*bacteria.precision, 2.0 / 4);
  EXPECT_DOUBLE_EQ(*bacteria.recall, 2.0 / 3);
  EXPECT_DOUBLE_EQ(*bacteria.f1, 4.0 / 7);
  EXPECT_DOUBLE_EQ(*metrics.classes[1].precision, 3.0 / 4);
  EXPECT_DOUBLE_EQ(*metrics.classes[1].recall, 3.0 / 4);
  EXPECT_DOUBLE_EQ(*metrics.classes[2].f1, 2.0 / 5);
  // Bacteria's scores: .8 .6 .2 against .1 .2 .1 .5 .2 .6 .1. Pairs won: 7 + 6.5 + (3 + 2 / 2) = 17.5 of 21.
  EXPECT_DOUBLE_EQ(*bacteria.auroc, 17.5 / 21);
  // Normal's scores: .8 .7 .9 .4 against .1 .1 .2 .1 .1 .5. Pairs won: 6 + 6 + 6 + 5 of 24.
  EXPECT_DOUBLE_EQ(*metrics.classes[1].auroc, 23.0 / 24);
  // Virus' scores: .7 .3 .4 against .1 .3 .6 .1 .1 0 .1. Pairs won: 7 + (5 + 1 / 2) + 6 of 21.
  EXPECT_DOUBLE_EQ(*metrics.classes[2].auroc, 18.5 / 21);
  EXPECT_DOUBLE_EQ(*metrics.macro_auroc, (17.5 / 21 + 23.0 / 24 + 18.5 / 21) / 3);
  EXPECT_DOUBLE_EQ(*metrics.pneumonia_auroc, 23.0 / 24) << "the same order, looked at from the other side";
}

TEST(Metrics, LeaveOutWhatAMissingClassDoesNotDefine) {
  const Metrics metrics = ComputeMetrics({{kB, {0.9, 0.1, 0}, kB}, {kN, {0.3, 0.7, 0}, kN}});
  EXPECT_EQ(metrics.classes[2].support, 0U);
  EXPECT_FALSE(metrics.classes[2].precision.has_value());
  EXPECT_FALSE(metrics.classes[2].recall.has_value());
  EXPECT_FALSE(metrics.classes[2].f1.has_value());
  EXPECT_FALSE(metrics.classes[2].auroc.has_value());
  EXPECT_DOUBLE_EQ(*metrics.macro_auroc, 1) << "the mean over the classes that have one";
}

TEST(Metrics, OfOneImageHaveNoAuroc) {
  const Metrics metrics = ComputeMetrics({{kV, {0.2, 0.2, 0.6}, kB}});
  EXPECT_DOUBLE_EQ(*metrics.accuracy, 0);
  EXPECT_DOUBLE_EQ(*metrics.classes[0].precision, 0);
  EXPECT_FALSE(metrics.classes[0].recall.has_value());
  EXPECT_DOUBLE_EQ(*metrics.classes[2].recall, 0);
  EXPECT_FALSE(metrics.macro_auroc.has_value());
  EXPECT_FALSE(metrics.pneumonia_auroc.has_value());
  EXPECT_NEAR(*metrics.expected_calibration_error, 0.4, 1e-12) << "the likeliest class is right, at 60 % confidence";
}

TEST(Metrics, OfNothingAreUndefined) {
  const Metrics metrics = ComputeMetrics({});
  EXPECT_FALSE(metrics.accuracy.has_value());
  EXPECT_FALSE(metrics.macro_auroc.has_value());
  EXPECT_FALSE(metrics.expected_calibration_error.has_value());
}

TEST(Auroc, CountsTiesHalf) {
  EXPECT_DOUBLE_EQ(*Auroc({0.5, 0.5, 0.5, 0.5}, {true, false, true, false}), 0.5);
  EXPECT_DOUBLE_EQ(*Auroc({1, 1, 0}, {true, false, false}), 0.75);
  EXPECT_DOUBLE_EQ(*Auroc({0, 1}, {true, false}), 0);
}

TEST(ExpectedCalibrationError, WeighsEachBinByItsShare) {
  // Two at .9, one right: a gap of .4 over half of the images. Two at .5, one right: no gap.
  const double error = *ExpectedCalibrationError(
      {{kB, {0.9, 0.1, 0}, kB}, {kN, {0.9, 0.1, 0}, kB}, {kB, {0.5, 0.3, 0.2}, kB}, {kV, {0.5, 0.3, 0.2}, kB}});
  EXPECT_NEAR(error, 0.2, 1e-12);
}

TEST(ExpectedCalibrationError, TakesCertaintyIntoTheLastBin) {
  EXPECT_DOUBLE_EQ(*ExpectedCalibrationError({{kB, {1, 0, 0}, kB}}), 0);
  EXPECT_DOUBLE_EQ(*ExpectedCalibrationError({{kN, {1, 0, 0}, kB}}), 1);
}

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

}  // namespace
}  // namespace cxr
