// SPDX-License-Identifier: Apache-2.0
#include "trainer/judge/outlier_fit.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <random>
#include <set>

#include "integration/phantom/phantom.h"
#include "service/imaging/preprocess.h"
#include "service/model/loaded_model.h"
#include "tests/support/unlike_images.h"
#include "trainer/judge/metrics.h"

namespace cxr {
namespace {

constexpr int kAxes = 64;
constexpr double kSeparation = 0.95;

absl::StatusOr<LoadedModel> ShippedModel() {
  const char* source = std::getenv("CXR_SOURCE_DIR");
  return LoadModel(std::string(source == nullptr ? "." : source) + "/service/models/cxr-mobilenetv2", "cpu");
}

std::vector<float> Features(const LoadedModel& model, const GrayImage& image) {
  const std::vector<float> input = Preprocess(image, {model.manifest.rows, model.manifest.columns});
  return model.network->Features({&input}).Pooled(0);
}

/// Expects that radiographs and each kind of image that is none are told apart by `detector`.
void ExpectToTellApart(const LoadedModel& model, const OutlierDetector& detector,
                       const std::vector<GrayImage>& radiographs) {
  std::vector<double> scores;
  std::vector<bool> unlike;
  const auto add = [&](const GrayImage& image, bool outside) {
    scores.push_back(detector.Score(Features(model, image)));
    unlike.push_back(outside);
  };
  for (const GrayImage& radiograph : radiographs) add(radiograph, false);
  const std::size_t known = scores.size();
  const auto judge = [&](const std::string& kind) {
    const absl::optional<double> auroc = Auroc(scores, unlike);
    ASSERT_TRUE(auroc.has_value()) << kind;
    std::printf("%s: AUROC %.4f\n", kind.c_str(), *auroc);
    EXPECT_GE(*auroc, kSeparation) << kind;
    scores.resize(known);
    unlike.resize(known);
  };
  for (const std::string& kind : test::UnlikeKinds()) {
    for (unsigned seed = 0; seed < 20; ++seed) add(test::DrawUnlike(kind, 1000 + seed), true);
    judge(kind);
  }
  for (const GrayImage& radiograph : radiographs) add(test::QuarterTurn(radiograph), true);
  judge("turned by 90 degrees");
  for (const GrayImage& radiograph : radiographs) add(test::Inverted(radiograph), true);
  judge("inverted");
}

GrayImage Phantom(std::uint64_t seed) {
  PhantomOptions options;
  options.rows = options.columns = 256;
  options.seed = seed;
  options.consolidation = seed % 2 == 1;
  return DrawChestPhantom(options);
}

TEST(OutlierScore, OfPhantomsTellsPhantomsFromImagesThatAreNoChest) {
  const auto model = ShippedModel();
  ASSERT_TRUE(model.ok()) << model.status();
  std::vector<std::vector<float>> features;
  std::vector<Pattern> labels;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    features.push_back(Features(*model, Phantom(seed)));
    labels.push_back(seed % 2 == 1 ? Pattern::kBacteria : Pattern::kNormal);
  }
  const auto detector = FitOutlierDetector(features, labels, 16);
  ASSERT_TRUE(detector.ok()) << detector.status();
  std::vector<GrayImage> others;
  for (std::uint64_t seed = 100; seed < 120; ++seed) others.push_back(Phantom(seed));
  ExpectToTellApart(*model, *detector, others);
}

TEST(OutlierScore, OfRealRadiographsTellsOtherPatientsRadiographsFromImagesThatAreNoChest) {
  const char* given = std::getenv("CXR_DATA");
  const char* source = std::getenv("CXR_SOURCE_DIR");
  const std::string data = given != nullptr ? given : std::string(source == nullptr ? "." : source) + "/../shared/data";
  const auto images = ListImages(data + "/kermany224");
  if (!images.ok()) GTEST_SKIP() << "no real radiographs (set CXR_DATA): " << images.status().message();
  const auto model = ShippedModel();
  const auto reader = ImageReader::Create();
  ASSERT_TRUE(model.ok() && reader.ok()) << model.status() << reader.status();
  Split split = SplitByPatient(*images, 0.15, 1);
  std::vector<std::vector<float>> features;
  std::vector<Pattern> labels;
  for (std::size_t i = 0; i < split.training.size(); i += 8) {
    features.push_back(Features(*model, *(*reader)->Read(split.training[i].path)));
    labels.push_back(split.training[i].label);
  }
  const auto detector = FitOutlierDetector(features, labels, kAxes);
  ASSERT_TRUE(detector.ok()) << detector.status();
  std::vector<GrayImage> others;
  for (std::size_t i = 0; i < split.validation.size(); i += 5)
    others.push_back(*(*reader)->Read(split.validation[i].path));
  ExpectToTellApart(*model, *detector, others);
}

TEST(OutlierFit, FindsTheSpreadOfItsFeatures) {
  std::mt19937 random(3);
  std::normal_distribution<float> normal;
  std::vector<std::vector<float>> features;
  std::vector<Pattern> labels;
  for (int i = 0; i < 4000; ++i) {  // two classes; deviations 5, 1 and 1
    const bool first = i % 2 == 0;
    features.push_back({5 * normal(random), (first ? 0.0F : 40.0F) + normal(random), normal(random)});
    labels.push_back(first ? Pattern::kBacteria : Pattern::kVirus);
  }
  const auto detector = FitOutlierDetector(features, labels, 1);
  ASSERT_TRUE(detector.ok()) << detector.status();
  const double root = std::sqrt(3);
  EXPECT_NEAR(detector->Score({10, 0, 0}) * root, 2, 0.2);
  EXPECT_NEAR(detector->Score({0, 43, 0}) * root, 3, 0.2);
  EXPECT_NEAR(detector->Score({0, 20, 0}) * root, 20, 1) << "between the classes is no place to be";
}

TEST(OutlierFit, NeedsTwoImages) {
  EXPECT_FALSE(FitOutlierDetector({{1, 2}}, {Pattern::kNormal}, 4).ok());
}

}  // namespace
}  // namespace cxr
