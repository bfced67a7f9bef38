// SPDX-License-Identifier: Apache-2.0
#include "trainer/judge/bootstrap.h"

#include <gtest/gtest.h>

#include "trainer/judge/cross_calibration.h"

namespace cxr {
namespace {

/// `count` images, every fourth of them wrong; one patient has `per_patient` of them.
void Fill(int count, int per_patient, std::vector<Prediction>& predictions, std::vector<std::string>& patients) {
  for (int i = 0; i < count; ++i) {
    const bool wrong = i / per_patient % 4 == 0;
    const Pattern label = i / per_patient % 2 == 0 ? Pattern::kBacteria : Pattern::kNormal;
    predictions.push_back({label, {0.6, 0.3, 0.1}, wrong ? Pattern::kVirus : label});
    patients.push_back(std::to_string(i / per_patient));
  }
}

double Width(const absl::optional<Interval>& interval) {
  return interval.has_value() ? interval->high - interval->low : -1;
}

TEST(Bootstrap, GivesTheIntervalOfABinomialShare) {
  std::vector<Prediction> predictions;
  std::vector<std::string> patients;
  Fill(400, 1, predictions, patients);
  const MetricIntervals intervals = BootstrapMetrics(predictions, patients, {2000, 1});
  ASSERT_TRUE(intervals.accuracy.has_value());
  // 0.75 with the standard error sqrt(.75 * .25 / 400) = 0.0217.
  EXPECT_NEAR(intervals.accuracy->low, 0.75 - 1.96 * 0.0217, 0.008);
  EXPECT_NEAR(intervals.accuracy->high, 0.75 + 1.96 * 0.0217, 0.008);
}

TEST(Bootstrap, DrawsPatientsSoThatCopiesOfAnImageProveNothing) {
  std::vector<Prediction> once;
  std::vector<std::string> once_patients;
  Fill(100, 1, once, once_patients);
  std::vector<Prediction> copied;
  std::vector<std::string> copied_patients;
  Fill(1600, 16, copied, copied_patients);
  const double width = Width(BootstrapMetrics(once, once_patients, {1000, 1}).accuracy);
  EXPECT_NEAR(Width(BootstrapMetrics(copied, copied_patients, {1000, 1}).accuracy), width, 0.1 * width);
}

TEST(Bootstrap, GivesTheSameForTheSameSeed) {
  std::vector<Prediction> predictions;
  std::vector<std::string> patients;
  Fill(60, 2, predictions, patients);
  const auto first = BootstrapMetrics(predictions, patients, {200, 7});
  const auto second = BootstrapMetrics(predictions, patients, {200, 7});
  EXPECT_EQ(first.macro_auroc->low, second.macro_auroc->low);
  EXPECT_EQ(first.classes[0].recall->high, second.classes[0].recall->high);
}

TEST(Bootstrap, LeavesOutWhatIsNotDefined) {
  std::vector<Prediction> predictions;
  std::vector<std::string> patients;
  Fill(40, 1, predictions, patients);
  EXPECT_FALSE(BootstrapMetrics(predictions, patients, {100, 1}).classes[2].recall.has_value()) << "no VIRUS label";
  EXPECT_FALSE(BootstrapMetrics(predictions, patients, {0, 1}).accuracy.has_value());
  EXPECT_FALSE(BootstrapMetrics({}, {}, {100, 1}).accuracy.has_value());
}

TEST(Bootstrap, OfOnePatientIsAPoint) {
  const MeanInterval mean = BootstrapMean({1, 2, 6}, {"a", "a", "a"}, {50, 1});
  EXPECT_DOUBLE_EQ(mean.mean, 3);
  EXPECT_DOUBLE_EQ(mean.interval.low, 3);
  EXPECT_DOUBLE_EQ(mean.interval.high, 3);
}

TEST(BootstrapDifference, OfAModelAndItselfIsNothing) {
  std::vector<Prediction> predictions;
  std::vector<std::string> patients;
  for (int i = 0; i < 40; ++i) {
    const bool right = i % 3 != 0;
    predictions.push_back({Pattern::kVirus, {0.2, 0.2, 0.6}, right ? Pattern::kVirus : Pattern::kBacteria});
    patients.push_back(std::to_string(i / 2));
  }
  const MetricIntervals same = BootstrapDifference(predictions, predictions, patients, {200, 1});
  ASSERT_TRUE(same.accuracy.has_value());
  EXPECT_EQ(same.accuracy->low, 0);
  EXPECT_EQ(same.accuracy->high, 0);
}

TEST(BootstrapDifference, IsPairedSoThatSharedMistakesCancelOut) {
  std::vector<Prediction> first;
  std::vector<std::string> patients;
  for (int i = 0; i < 60; ++i) {
    first.push_back({Pattern::kVirus, {0.2, 0.2, 0.6}, i % 2 == 0 ? Pattern::kVirus : Pattern::kBacteria});
    patients.push_back(std::to_string(i));
  }
  std::vector<Prediction> second = first;
  for (int i = 1; i < 20; i += 2) second[static_cast<std::size_t>(i)].predicted = Pattern::kVirus;  // ten more right
  const MetricIntervals gain = BootstrapDifference(first, second, patients, {500, 1});
  ASSERT_TRUE(gain.accuracy.has_value());
  EXPECT_GT(gain.accuracy->low, 0.05);
  EXPECT_LT(gain.accuracy->high, 0.30);
  EXPECT_NEAR((gain.accuracy->low + gain.accuracy->high) / 2, 10.0 / 60, 0.03);
}

}  // namespace
}  // namespace cxr
