// SPDX-License-Identifier: Apache-2.0
// What is no radiograph of a chest gets no class from the shipped model, whatever its header says. The images are
// drawn, so that this always runs; shared_cases_test.cpp has files of the same kinds that others made.
#include <gtest/gtest.h>

#include <functional>
#include <random>
#include <string>
#include <vector>

#include "integration/phantom/phantom.h"
#include "tests/component/pipeline.h"
#include "tests/support/dicom_fixture.h"
#include "tests/support/unlike_images.h"

namespace cxr::test {
namespace {

constexpr int kSide = 300;

DicomFixture Filled(const std::function<int(int row, int column)>& stored) {
  DicomFixture fixture;
  fixture.rows = fixture.columns = kSide;
  fixture.window = {{2048, 4096}};
  for (int row = 0; row < kSide; ++row)
    for (int column = 0; column < kSide; ++column) fixture.pixels.push_back(stored(row, column));
  return fixture;
}

DicomFixture Shown(const GrayImage& image) {
  return FixtureOfImage(image, 12, false);
}

/// An exposure of nothing: brighter in the middle, with the noise of the detector.
DicomFixture FlatField() {
  std::minstd_rand random(5);
  return Filled([&](int row, int column) {
    const int edge = (row - kSide / 2) * (row - kSide / 2) + (column - kSide / 2) * (column - kSide / 2);
    return 3000 - edge / 60 + static_cast<int>(random() % 80);
  });
}

DicomFixture OfGradient(std::pair<double, double> window) {
  DicomFixture fixture = Filled([](int row, int column) { return 1000 + row * 4 + column; });
  fixture.window = window;
  return fixture;
}

DicomFixture Padded(int from_row) {
  DicomFixture fixture = Filled([=](int row, int column) { return row < from_row ? 1500 + row + column : 7; });
  fixture.padding = 7;
  return fixture;
}

struct NoRadiograph {
  const char* name;
  DicomFixture fixture;
  ReasonCode reason;
};

constexpr ReasonCode kBlank = ReasonCode::kNoContrast;
constexpr ReasonCode kUnlike = ReasonCode::kUnlikeTrainingData;

std::vector<NoRadiograph> NoRadiographs() {
  return {
      {"black", Filled([](int, int) { return 0; }), kBlank},
      {"white", Filled([](int, int) { return 4095; }), kBlank},
      {"grey", Filled([](int, int) { return 2000; }), kBlank},
      {"black with a hot pixel", Filled([](int y, int x) { return y == 3 && x == 5 ? 4095 : 0; }), kBlank},
      {"black with a marker", Filled([](int y, int x) { return y < 40 && x < 40 ? 4095 : 0; }), kBlank},
      {"window above the data", OfGradient({9000, 500}), kBlank},
      {"window below the data", OfGradient({-900, 500}), kBlank},
      {"window far too wide", OfGradient({2000, 60000}), kBlank},
      {"all padding", Padded(0), ReasonCode::kMostlyPadding},
      {"almost all padding", Padded(10), ReasonCode::kMostlyPadding},
      {"text", Shown(DrawUnlike("text", 1)), ReasonCode::kTextPage},
      {"flat field", FlatField(), kUnlike},
      {"noise", Shown(DrawUnlike("noise", 1)), kUnlike},
      {"gradient", Shown(DrawUnlike("gradient", 1)), kUnlike},
      {"scene", Shown(DrawUnlike("drawing", 1)), kUnlike},
      {"drawn chest", Shown(DrawChestPhantom({.rows = 700, .columns = 800})), kUnlike},
      {"turned chest", Shown(QuarterTurn(DrawChestPhantom({.rows = 700, .columns = 800}))), kUnlike},
  };
}

class NoRadiographTest : public ::testing::Test {
 protected:
  static Analysis Analyze(const NoRadiograph& odd, const Pipeline& pipeline) {
    const absl::StatusOr<AnalysisResult> result = pipeline.Analyze(odd.fixture.Build());
    EXPECT_TRUE(result.ok()) << odd.name << ": " << result.status();
    return result.ok() ? result->analysis : Analysis{};
  }
};

TEST_F(NoRadiographTest, IsNotApplicableWithACodedReason) {
  const Pipeline enforcing(ShippedModelDirectory(), UnlikePolicy::kEnforce);
  for (const NoRadiograph& odd : NoRadiographs()) {
    const Analysis analysis = Analyze(odd, enforcing);
    EXPECT_EQ(analysis.outcome, Outcome::kNotApplicable) << odd.name << ", score " << analysis.ood_score.value_or(-1);
    EXPECT_FALSE(analysis.classification.has_value()) << odd.name;
    ASSERT_EQ(analysis.reasons.size(), 1u) << odd.name;
    EXPECT_EQ(ReasonCodeName(analysis.reasons[0].code), ReasonCodeName(odd.reason)) << odd.name;
  }
}

TEST_F(NoRadiographTest, OnlyTheScoreFollowsThePolicy) {
  const Pipeline warning(ShippedModelDirectory(), UnlikePolicy::kWarn);
  const Pipeline silent(ShippedModelDirectory(), UnlikePolicy::kOff);
  for (const NoRadiograph& odd : NoRadiographs()) {
    const bool scored = odd.reason == kUnlike;
    const Analysis warned = Analyze(odd, warning);
    EXPECT_EQ(warned.outcome, scored ? Outcome::kAnalysedWithWarnings : Outcome::kNotApplicable) << odd.name;
    ASSERT_EQ(warned.reasons.size(), 1u) << odd.name;
    EXPECT_EQ(ReasonCodeName(warned.reasons[0].code), ReasonCodeName(odd.reason)) << odd.name;
    const Analysis off = Analyze(odd, silent);
    EXPECT_EQ(off.outcome, scored ? Outcome::kAnalysed : Outcome::kNotApplicable) << odd.name;
    EXPECT_EQ(off.reasons.size(), scored ? 0u : 1u) << odd.name;
    EXPECT_EQ(off.classification.has_value(), scored) << odd.name;
  }
}

}  // namespace
}  // namespace cxr::test
