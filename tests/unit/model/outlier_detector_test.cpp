// SPDX-License-Identifier: Apache-2.0
#include "service/model/outlier_detector.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <stdexcept>

#include "service/model/safetensors.h"

namespace cxr {
namespace {

using testing::HasSubstr;

/// Two classes in three channels; wide along the first channel, narrow elsewhere.
FeatureDistribution ExampleDistribution() {
  return {{{0, 0, 0}, {10, 0, 0}}, {{1, 0, 0}}, {2}, 0.5F};
}

std::string DistributionError(const FeatureDistribution& distribution) {
  return std::string(OutlierDetector::Create(distribution).status().message());
}

TEST(OutlierDetector, MeasuresTheDistanceToTheNearestClassInDeviations) {
  const auto detector = OutlierDetector::Create(ExampleDistribution());
  ASSERT_TRUE(detector.ok()) << detector.status();
  EXPECT_DOUBLE_EQ(detector->Score({0, 0, 0}), 0);
  EXPECT_DOUBLE_EQ(detector->Score({10, 0, 0}), 0);
  EXPECT_NEAR(detector->Score({4, 0, 0}), 2 / std::sqrt(3), 1e-6) << "two deviations from the first class";
  EXPECT_NEAR(detector->Score({8, 0, 0}), 1 / std::sqrt(3), 1e-6) << "one from the second";
  EXPECT_NEAR(detector->Score({0, 3, 4}), 10 / std::sqrt(3), 1e-6) << "ten of the residual";
  EXPECT_NEAR(detector->Score({2, 0.5, 0}), std::sqrt(2.0 / 3), 1e-6) << "one of each";
}

TEST(OutlierDetector, SurvivesItsFile) {
  const auto written = OutlierDetector::Create(ExampleDistribution());
  ASSERT_TRUE(written.ok());
  const auto read = OutlierDetector::Parse(written->Format());
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->channels(), 3U);
  EXPECT_DOUBLE_EQ(read->Score({3, 1, 4}), written->Score({3, 1, 4}));
}

TEST(OutlierDetector, RefusesWhatDoesNotFit) {
  FeatureDistribution wrong = ExampleDistribution();
  wrong.centers[1].push_back(1);
  EXPECT_THAT(DistributionError(wrong), HasSubstr("centers"));
  wrong = ExampleDistribution();
  wrong.axes[0].pop_back();
  EXPECT_THAT(DistributionError(wrong), HasSubstr("axes"));
  wrong = ExampleDistribution();
  wrong.deviations[0] = 0;
  EXPECT_THAT(DistributionError(wrong), HasSubstr("more than 0"));
  wrong = ExampleDistribution();
  wrong.residual_deviation = std::numeric_limits<float>::infinity();
  EXPECT_THAT(DistributionError(wrong), HasSubstr("finite"));
  wrong.centers.clear();
  EXPECT_THAT(DistributionError(wrong), HasSubstr("center"));
}

TEST(OutlierDetector, RefusesFilesThatLackOrBendATensor) {
  EXPECT_FALSE(OutlierDetector::Parse("").ok());
  EXPECT_THAT(
      std::string(OutlierDetector::Parse(FormatSafetensors({{"centers", {{1, 2}, {1, 2}}}})).status().message()),
      HasSubstr("axes"));
  EXPECT_THAT(std::string(OutlierDetector::Parse(FormatSafetensors({{"centers", {{2}, {1, 2}}}})).status().message()),
              HasSubstr("matrix \"centers\""));
  EXPECT_FALSE(OutlierDetector::Parse(FormatSafetensors({{"centers", {{3, 0}, {}}}})).ok());
}

TEST(OutlierDetector, RefusesFeaturesOfAnotherModel) {
  const auto detector = OutlierDetector::Create(ExampleDistribution());
  ASSERT_TRUE(detector.ok());
  EXPECT_THROW(static_cast<void>(detector->Score({1, 2})), std::invalid_argument);
  EXPECT_THROW(static_cast<void>(detector->Score({1, 2, std::nanf("")})), std::invalid_argument);
}

}  // namespace
}  // namespace cxr
