// SPDX-License-Identifier: Apache-2.0
#include "service/core/result_numbers.h"

#include <gtest/gtest.h>

#include <random>

namespace cxr {
namespace {

Classification ClassificationOf(double bacteria, double virus, const OperatingPoints& points) {
  Classification classification;
  classification.calibrated = {bacteria, 1 - bacteria - virus, virus};
  classification.pneumonia_score = PneumoniaScore(classification.calibrated);
  classification.decision = Decide(classification.calibrated, points);
  return classification;
}

TEST(ResultNumbers, AgreeWithThemselves) {
  std::mt19937 random(7);
  std::uniform_real_distribution<double> share(0, 1);
  for (int i = 0; i < 20000; ++i) {
    const double score = share(random);
    const double bacteria = score * share(random);
    const double positive_from = i % 3 == 0 ? score + (share(random) - 0.5) * 1e-6 : share(random);
    const double indeterminate_from = i % 2 == 0 ? positive_from * share(random) : positive_from;
    const OperatingPoints points{indeterminate_from, positive_from};
    const Classification classification = ClassificationOf(bacteria, score - bacteria, points);
    const ResultNumbers numbers = RoundResult(classification);
    const auto [b, n, v] = numbers.probabilities;
    ASSERT_EQ(b + n + v, 10000);
    ASSERT_EQ(b + v, numbers.score);
    ASSERT_EQ(numbers.score >= numbers.positive_from, classification.decision.positive());
    ASSERT_EQ(numbers.score >= numbers.indeterminate_from, classification.pneumonia_score >= indeterminate_from);
    ASSERT_GE(std::min({b, n, v}), 0);
    ASSERT_NEAR(b / 10000.0, classification.calibrated[0], 2.1e-4);
    ASSERT_NEAR(n / 10000.0, classification.calibrated[1], 2.1e-4);
    ASSERT_NEAR(v / 10000.0, classification.calibrated[2], 2.1e-4);
    if (classification.decision.finding == Pattern::kVirus) {
      ASSERT_GE(v, b);
    }
    if (classification.decision.finding == Pattern::kBacteria) {
      ASSERT_GE(b, v);
    }
  }
}

TEST(ResultNumbers, ArePercentWithTwoDecimals) {
  EXPECT_EQ(PercentText(9312), "93.12");
  EXPECT_EQ(PercentText(5), "0.05");
  EXPECT_EQ(PercentText(10000), "100.00");
  EXPECT_DOUBLE_EQ(ShareOf(9312), 0.9312);
}

}  // namespace
}  // namespace cxr
