// SPDX-License-Identifier: Apache-2.0
#include "service/model/model_classifier.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "service/base/sha256.h"
#include "service/model/manifest.h"
#include "service/model/outlier_detector.h"
#include "tests/support/brightness_model.h"

namespace cxr {
namespace {

using testing::HasSubstr;

/// A folder with the brightness model, gone when the test is over.
class LoadedModel : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::path(testing::TempDir()) / testing::UnitTest::GetInstance()->current_test_info()->name();
    std::filesystem::create_directories(folder_);
    test::WriteBrightnessModel(folder_.string());
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  [[nodiscard]] std::string LoadError() const {
    return std::string(LoadClassifier(folder_.string(), {}).status().message());
  }

  void Append(const std::string& file, const std::string& text) const {
    std::ofstream(folder_ / file, std::ios::app | std::ios::binary) << text;
  }

  std::filesystem::path folder_;
};

GrayImage BrightCorner() {
  GrayImage image{300, 400, std::vector<std::uint8_t>(300 * 400, 10)};
  for (std::size_t row = 0; row < 75; ++row) {
    for (std::size_t column = 300; column < 400; ++column) image.pixels[row * 400 + column] = 250;
  }
  return image;
}

TEST_F(LoadedModel, ClassifiesDecidesAndMapsTheFinding) {
  const auto classifier = LoadClassifier(folder_.string(), {});
  ASSERT_TRUE(classifier.ok()) << classifier.status();
  Stopwatch stopwatch;
  const auto result = (*classifier)->Classify(BrightCorner(), stopwatch);
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_NEAR(result->raw[0] + result->raw[1] + result->raw[2], 1, 1e-12);
  EXPECT_TRUE(result->decision.positive());
  EXPECT_EQ(result->decision.finding, Pattern::kBacteria);
  EXPECT_NEAR(result->pneumonia_score, result->calibrated[0] + result->calibrated[2], 1e-12);
  ASSERT_EQ(result->map.values.size(), 14U * 14U);
  EXPECT_EQ(result->map.pattern, Pattern::kBacteria);
  EXPECT_FLOAT_EQ(result->map.values[13], 1.0F) << "the bright corner is at the top right";
  EXPECT_LT(result->map.values[0], 0.1F);
  EXPECT_EQ(result->map.source_box.width, 400);
  EXPECT_EQ(result->map.source_box.height, 300);
  std::vector<std::string> stages;
  for (const StageTime& stage : stopwatch.stages()) stages.push_back(stage.stage);
  EXPECT_THAT(stages, testing::ElementsAre("preprocess", "features", "head"));
}

TEST_F(LoadedModel, IsFoundInTheRunFolderOfATraining) {
  const std::filesystem::path run = folder_ / "run";
  std::filesystem::create_directories(run / "model");
  test::WriteBrightnessModel((run / "model").string());
  const auto classifier = LoadClassifier(run.string(), {});
  ASSERT_TRUE(classifier.ok()) << classifier.status();
  EXPECT_EQ((*classifier)->info().identity.name, "brightness");
}

TEST_F(LoadedModel, DividesTheLogitsByTheTemperature) {
  std::stringstream text;
  text << std::ifstream(folder_ / "manifest.json").rdbuf();
  std::string manifest = text.str();
  const std::string key = "\"temperature\": 1.0";
  ASSERT_NE(manifest.find(key), std::string::npos) << manifest;
  manifest.replace(manifest.find(key), key.size(), "\"temperature\": 4.0");
  std::ofstream(folder_ / "manifest.json") << manifest;
  const auto classifier = LoadClassifier(folder_.string(), {});
  ASSERT_TRUE(classifier.ok()) << classifier.status();
  Stopwatch stopwatch;
  const auto result = (*classifier)->Classify(BrightCorner(), stopwatch);
  ASSERT_TRUE(result.ok()) << result.status();
  const double raw_odds = std::log(result->raw[0] / result->raw[1]);
  const double calibrated_odds = std::log(result->calibrated[0] / result->calibrated[1]);
  EXPECT_NEAR(calibrated_odds, raw_odds / 4, 1e-6);
}

TEST_F(LoadedModel, IsRefusedWhenTheFileIsNotTheOneTheManifestMeans) {
  Append("model.pt", "x");
  EXPECT_THAT(LoadError(), HasSubstr("has the SHA-256"));
}

TEST_F(LoadedModel, IsRefusedWhenAFileIsMissing) {
  std::filesystem::remove(folder_ / "model.pt");
  EXPECT_THAT(LoadError(), HasSubstr("model.pt cannot be read"));
  std::filesystem::remove(folder_ / "manifest.json");
  EXPECT_THAT(LoadError(), HasSubstr("manifest.json cannot be read"));
}

TEST_F(LoadedModel, IsRefusedWhenTheManifestIsHuge) {
  Append("manifest.json", std::string(1U << 20U, ' '));
  EXPECT_THAT(LoadError(), HasSubstr("at most"));
}

TEST_F(LoadedModel, ReportsAnImageThatContradictsItself) {
  const auto classifier = LoadClassifier(folder_.string(), {});
  ASSERT_TRUE(classifier.ok());
  Stopwatch stopwatch;
  EXPECT_EQ((*classifier)->Classify({10, 10, {1, 2, 3}}, stopwatch).status().code(), absl::StatusCode::kInternal);
}

TEST(LoadClassifier, SaysWhichDeviceIsNotThere) {
  const std::string folder = testing::TempDir() + "/device_model";
  std::filesystem::create_directories(folder);
  test::WriteBrightnessModel(folder);
  EXPECT_THAT(std::string(LoadClassifier(folder, {"cuda:4096"}).status().message()), HasSubstr("cuda:4096"));
  EXPECT_TRUE(LoadClassifier(folder, {"cpu"}).ok());
  std::filesystem::remove_all(folder);
}

/// Adds an out-of-distribution entry for the brightness model, whose features are one number.
void AddDetector(const std::filesystem::path& folder, const FeatureDistribution& distribution) {
  std::stringstream text;
  text << std::ifstream(folder / "manifest.json").rdbuf();
  auto manifest = ParseManifest(text.str());
  const auto detector = OutlierDetector::Create(distribution);
  ASSERT_TRUE(manifest.ok() && detector.ok());
  const std::string data = detector->Format();
  std::ofstream(folder / "ood.safetensors", std::ios::binary) << data;
  manifest->out_of_distribution = Manifest::OutOfDistribution{"ood.safetensors", Sha256Hex(data)};
  manifest->info.ood = OodThresholds{2, 3};
  std::ofstream(folder / "manifest.json") << FormatManifest(*manifest);
}

TEST_F(LoadedModel, ScoresHowUnlikeAnImageIsWhereTheManifestHasTheData) {
  const GrayImage black{64, 64, std::vector<std::uint8_t>(64 * 64, 0)};
  const GrayImage white{64, 64, std::vector<std::uint8_t>(64 * 64, 255)};
  Stopwatch stopwatch;
  const auto without = LoadClassifier(folder_.string(), {});
  ASSERT_TRUE(without.ok()) << without.status();
  EXPECT_FALSE((*without)->Classify(black, stopwatch)->ood_score.has_value());
  AddDetector(folder_, {{{0}}, {{1}}, {0.25F}, 1});
  const auto with = LoadClassifier(folder_.string(), {});
  ASSERT_TRUE(with.ok()) << with.status();
  EXPECT_EQ((*with)->info().ood, (OodThresholds{2, 3}));
  EXPECT_NEAR(*(*with)->Classify(black, stopwatch)->ood_score, 0, 1e-5);
  EXPECT_NEAR(*(*with)->Classify(white, stopwatch)->ood_score, 4, 1e-5);
}

TEST_F(LoadedModel, RefusesOutOfDistributionDataThatAreNotItsOwn) {
  AddDetector(folder_, {{{0, 0}}, {{1, 0}}, {1}, 1});
  EXPECT_THAT(LoadError(), HasSubstr("ood.safetensors: the model has 1 feature channels"));
  AddDetector(folder_, {{{0}}, {{1}}, {1}, 1});
  Append("ood.safetensors", "x");
  EXPECT_THAT(LoadError(), HasSubstr("SHA-256"));
}

}  // namespace
}  // namespace cxr
