// SPDX-License-Identifier: Apache-2.0
// Serving equals training: however an image is stored as DICOM, the network sees what it was trained on. The trainer's
// evaluate reads images as 8-bit greyscale and calls the same classifier, so a classifier called on the image is
// its reference here; the end-to-end tests hold cxr-train evaluate itself against cxr-analyze.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <opencv2/imgcodecs.hpp>
#include <string>
#include <tuple>
#include <vector>

#include "integration/phantom/phantom.h"
#include "service/model/model_classifier.h"
#include "tests/component/pipeline.h"
#include "tests/support/dicom_fixture.h"

namespace cxr::test {
namespace {

constexpr double kTolerance = 0.02;

struct Storage {
  int bits;
  bool monochrome1;
};

class SharedTools {
 public:
  SharedTools()
      : pipeline(ShippedModelDirectory(), UnlikePolicy::kOff),
        classifier(*LoadClassifier(ShippedModelDirectory(), {})) {}
  Pipeline pipeline;  ///< phantoms are unlike radiographs
  std::unique_ptr<Classifier> classifier;
};

class Grayscale : public ::testing::TestWithParam<Storage> {
 protected:
  static void SetUpTestSuite() { tools_ = std::make_unique<SharedTools>(); }
  static void TearDownTestSuite() { tools_.reset(); }

  static void ExpectSameProbabilities(const GrayImage& image, const std::string& name) {
    ExpectSameProbabilities(image, FixtureOfImage(image, GetParam().bits, GetParam().monochrome1), name);
  }

  static void ExpectSameProbabilities(const GrayImage& image, const DicomFixture& stored, const std::string& name) {
    Stopwatch stopwatch;
    const absl::StatusOr<Classification> expected = tools_->classifier->Classify(image, stopwatch);
    ASSERT_TRUE(expected.ok()) << expected.status();
    const absl::StatusOr<AnalysisResult> result = tools_->pipeline.Analyze(stored.Build());
    ASSERT_TRUE(result.ok()) << name << ": " << result.status();
    ASSERT_TRUE(result->analysis.classification.has_value()) << name;
    for (std::size_t i = 0; i < kPatternCount; ++i) {
      EXPECT_NEAR(result->analysis.classification->calibrated[i], expected->calibrated[i], kTolerance) << name;
    }
  }

  static std::unique_ptr<SharedTools> tools_;
};

std::unique_ptr<SharedTools> Grayscale::tools_;

TEST_P(Grayscale, PhantomsGiveTheProbabilitiesOfTheImage) {
  for (int seed = 1; seed <= 3; ++seed) {
    PhantomOptions options;
    options.rows = 700 + 37 * seed;
    options.columns = 801;
    options.seed = static_cast<std::uint64_t>(seed);
    options.consolidation = seed == 2;
    ExpectSameProbabilities(DrawChestPhantom(options), "phantom " + std::to_string(seed));
  }
}

/// Stored in each of the eight ways an image may lie, with Patient Orientation saying so.
TEST_P(Grayscale, TurnedPhantomsGiveTheProbabilitiesOfTheUprightImage) {
  const GrayImage upright = DrawChestPhantom({});
  for (const char* rows : {"L", "R", "F", "H"}) {
    for (const char* columns : {"L", "R", "F", "H"}) {
      const Orientation orientation = ReadOrientation(rows, columns);
      if (orientation.view != OrientedView::kFrontal) continue;
      // Upright turns back; to turn an upright image so, the two directions change places where axes do.
      Turn turn = orientation.turn;
      if (turn.transposed) std::swap(turn.towards_right, turn.towards_head);
      DicomFixture fixture = FixtureOfImage(Upright(upright, turn), GetParam().bits, GetParam().monochrome1);
      fixture.attributes = {{"PatientOrientation", std::string(rows) + "\\" + columns}};
      ExpectSameProbabilities(upright, fixture, std::string("phantom ") + rows + columns);
    }
  }
}

TEST_P(Grayscale, FullSizeRadiographsGiveTheProbabilitiesOfTheImage) {
  const char* given = std::getenv("CXR_DATA");
  const char* source = std::getenv("CXR_SOURCE_DIR");
  const std::filesystem::path root =
      given != nullptr ? given : std::string(source != nullptr ? source : ".") + "/../shared/data";
  if (!std::filesystem::is_directory(root / "fullsize")) {
    GTEST_SKIP() << "no radiographs in " << root / "fullsize"
                 << ": set CXR_DATA; PhantomsGiveTheProbabilitiesOfTheImage ran instead";
  }
  int seen = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root / "fullsize")) {
    if (entry.path().extension() != ".jpeg") continue;
    const cv::Mat image = cv::imread(entry.path().string(), cv::IMREAD_GRAYSCALE);
    ASSERT_FALSE(image.empty()) << entry.path();
    ExpectSameProbabilities({image.rows, image.cols, {image.datastart, image.dataend}},
                            entry.path().filename().string());
    ++seen;
  }
  EXPECT_GT(seen, 0);
}

INSTANTIATE_TEST_SUITE_P(EveryStorage, Grayscale,
                         ::testing::Values(Storage{8, false}, Storage{8, true}, Storage{12, false}, Storage{12, true},
                                           Storage{16, false}, Storage{16, true}),
                         [](const auto& instance) {
                           return "Bits" + std::to_string(instance.param.bits) +
                                  (instance.param.monochrome1 ? "Monochrome1" : "Monochrome2");
                         });

}  // namespace
}  // namespace cxr::test
