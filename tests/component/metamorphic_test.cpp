// SPDX-License-Identifier: Apache-2.0
// However an image is stored legally, it is the same image; however it is stored illegally, it is none. A thousand of
// each are drawn; CXR_SEED draws others than usual, and every failure names its seed.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <random>
#include <string>

#include "absl/strings/str_cat.h"
#include "service/base/failure.h"
#include "service/core/applicability.h"
#include "service/dicom/dicom_reader.h"
#include "tests/component/pipeline.h"
#include "tests/support/re_encoding.h"

namespace cxr::test {
namespace {

constexpr unsigned kImages = 1000;
constexpr unsigned kAnalysedImages = 40;
constexpr int kLevels = 1;               ///< by which a display value may differ, from rounding to the stored range
constexpr double kProbabilities = 0.02;  ///< by which a probability may differ for that
constexpr unsigned kUsualSeed = 20260211;

unsigned FirstSeed(unsigned count) {
  const char* given = std::getenv("CXR_SEED");
  const unsigned seed = given == nullptr ? kUsualSeed : static_cast<unsigned>(std::strtoul(given, nullptr, 10));
  std::cout << "seeds " << seed << " to " << seed + count - 1 << std::endl;
  return seed;
}

int LargestDifference(const GrayImage& a, const GrayImage& b) {
  if (a.rows != b.rows || a.columns != b.columns || a.pixels.size() != b.pixels.size()) return 256;
  int largest = 0;
  for (std::size_t i = 0; i < a.pixels.size(); ++i)
    largest = std::max(largest, std::abs(int{a.pixels[i]} - int{b.pixels[i]}));
  return largest;
}

/// What the fixture says of the image, whichever way it is stored.
void ExpectFacts(const RadiographFacts& facts) {
  EXPECT_EQ(absl::StrCat(facts.identity.study_instance_uid, " ", facts.identity.sop_instance_uid, " ", facts.modality,
                         " ", facts.body_part, " ", facts.view_position, " ", facts.age_years.value_or(-1)),
            "2.25.1001 2.25.1003 CR CHEST PA 3");
  EXPECT_EQ(facts.orientation.view, OrientedView::kFrontal);
}

TEST(Metamorphic, AnImageStoredLegallyIsThatImage) {
  const std::unique_ptr<RadiographReader> reader = MakeDicomReader().value();
  const unsigned first = FirstSeed(kImages);
  for (unsigned seed = first; seed < first + kImages; ++seed) {
    std::mt19937 random(seed);
    const GrayImage image = DrawImage(random);
    const StoredImage stored = StoreLegally(image, random);
    SCOPED_TRACE(absl::StrCat("seed ", seed, ": ", stored.how));
    const absl::StatusOr<std::unique_ptr<Radiograph>> radiograph = reader->Read(stored.file);
    if (!radiograph.ok()) {
      ADD_FAILURE() << radiograph.status();
      continue;
    }
    ExpectFacts((*radiograph)->facts());
    const absl::StatusOr<GrayImage> shown = (*radiograph)->DisplayImage();
    if (!shown.ok()) {
      ADD_FAILURE() << shown.status();
      continue;
    }
    EXPECT_LE(LargestDifference(*shown, image), kLevels);
  }
}

/// Reads, judges and decodes, up to where the network would see the image.
absl::Status Show(const RadiographReader& reader, const std::string& file, bool& refused) {
  const absl::StatusOr<std::unique_ptr<Radiograph>> radiograph = reader.Read(file);
  if (!radiograph.ok()) return radiograph.status();
  const Applicability judged = AssessApplicability((*radiograph)->facts(), {1, 5, "children"}, PopulationPolicy::kWarn);
  refused = judged.outcome == Outcome::kNotApplicable;
  return refused ? absl::OkStatus() : (*radiograph)->DisplayImage().status();
}

/// Whether it is a failure of the input with a reason and a sentence.
bool SaysWhy(const absl::Status& status) {
  const absl::optional<FailureReason> reason = FailureReasonOf(status);
  return !status.ok() && reason.has_value() && *reason != FailureReason::kInternal && !status.message().empty();
}

TEST(Metamorphic, AnImageStoredIllegallyIsRefusedWithAReason) {
  const std::unique_ptr<RadiographReader> reader = MakeDicomReader().value();
  const unsigned first = FirstSeed(kImages);
  for (unsigned seed = first; seed < first + kImages; ++seed) {
    std::mt19937 random(seed);
    const StoredImage stored = StoreIllegally(DrawImage(random), random);
    SCOPED_TRACE(absl::StrCat("seed ", seed, ": ", stored.how));
    bool refused = false;
    const absl::Status status = Show(*reader, stored.file, refused);
    EXPECT_TRUE(refused || SaysWhy(status)) << status;
  }
}

class MetamorphicFinding : public ::testing::Test {
 protected:
  const Pipeline pipeline{ShippedModelDirectory(), UnlikePolicy::kOff};
};

TEST_F(MetamorphicFinding, IsTheSameForAnImageStoredLegally) {
  const unsigned first = FirstSeed(kAnalysedImages);
  for (unsigned seed = first; seed < first + kAnalysedImages; ++seed) {
    std::mt19937 random(seed);
    const GrayImage image = DrawImage(random);
    const StoredImage stored = StoreLegally(image, random);
    SCOPED_TRACE(absl::StrCat("seed ", seed, ": ", stored.how));
    const absl::StatusOr<AnalysisResult> expected = pipeline.Analyze(FixtureOfImage(image, 8, false).Build());
    const absl::StatusOr<AnalysisResult> result = pipeline.Analyze(stored.file);
    ASSERT_TRUE(expected.ok() && result.ok()) << expected.status() << result.status();
    ASSERT_EQ(result->analysis.outcome, expected->analysis.outcome);
    if (!expected->analysis.classification.has_value()) continue;
    for (std::size_t i = 0; i < kPatternCount; ++i) {
      EXPECT_NEAR(result->analysis.classification->calibrated[i], expected->analysis.classification->calibrated[i],
                  kProbabilities);
    }
  }
}

TEST_F(MetamorphicFinding, IsNoneForAnImageStoredIllegally) {
  const unsigned first = FirstSeed(kAnalysedImages);
  for (unsigned seed = first; seed < first + kAnalysedImages; ++seed) {
    std::mt19937 random(seed);
    const StoredImage stored = StoreIllegally(DrawImage(random), random);
    const absl::StatusOr<AnalysisResult> result = pipeline.Analyze(stored.file, ObjectKinds::All());
    EXPECT_TRUE(!result.ok() || (result->analysis.outcome == Outcome::kNotApplicable &&
                                 !result->analysis.classification.has_value() && result->objects.size() == 1))
        << "seed " << seed << ": " << stored.how;
  }
}

}  // namespace
}  // namespace cxr::test
