// SPDX-License-Identifier: Apache-2.0
#include "trainer/data/augmentation.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace cxr {
namespace {

constexpr int kRows = 64;
constexpr int kColumns = 96;

/// Bright towards the right, so that a flip shows.
std::vector<float> Slope() {
  std::vector<float> image;
  for (int row = 0; row < kRows; ++row) {
    for (int column = 0; column < kColumns; ++column) image.push_back(2.0F * static_cast<float>(column) / kColumns - 1);
  }
  return image;
}

std::vector<float> Augmented(Augmentation strength, std::uint64_t seed) {
  std::vector<float> image = Slope();
  Augment(image, kRows, kColumns, {strength, 0, 1}, seed);
  return image;
}

TEST(Augment, FollowsFromTheSeed) {
  for (const Augmentation strength : {Augmentation::kGeometric, Augmentation::kFull}) {
    EXPECT_EQ(Augmented(strength, 1), Augmented(strength, 1));
    EXPECT_NE(Augmented(strength, 1), Augmented(strength, 2));
  }
}

TEST(Augment, StaysInRangeAndFinite) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const std::vector<float> image = Augmented(Augmentation::kFull, seed);
    ASSERT_EQ(image.size(), static_cast<std::size_t>(kRows * kColumns));
    for (const float value : image) ASSERT_TRUE(value >= -1 && value <= 1) << seed;
  }
}

TEST(Augment, FlipsAboutHalfOfTheImagesFromLeftToRight) {
  int flipped = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const std::vector<float> image = Augmented(Augmentation::kGeometric, seed);
    const std::size_t middle = static_cast<std::size_t>(kRows / 2) * kColumns;
    if (image[middle + 10] > image[middle + kColumns - 10]) ++flipped;
  }
  EXPECT_GT(flipped, 60);
  EXPECT_LT(flipped, 140);
}

TEST(Augment, DoesNothingWhenAskedForNothing) {
  EXPECT_EQ(Augmented(Augmentation::kNone, 5), Slope());
}

TEST(Augment, KeepsTheCenterInPlaceWhenItOnlyTurns) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const std::vector<float> image = Augmented(Augmentation::kGeometric, seed);
    EXPECT_NEAR(image[static_cast<std::size_t>(kRows / 2) * kColumns + kColumns / 2], 0, 0.05) << seed;
  }
}

TEST(Augment, CompressesAsJpegSomewhatAndFollowsFromTheSeed) {
  std::vector<float> grain = Slope();
  for (std::size_t i = 0; i < grain.size(); ++i) grain[i] *= i % 3 == 0 ? 0.8F : 1;
  const auto compressed = [&](std::uint64_t seed) {
    std::vector<float> image = grain;
    Augment(image, kRows, kColumns, {Augmentation::kNone, 1, 1}, seed);
    return image;
  };
  const std::vector<float> once = compressed(1);
  EXPECT_EQ(once, compressed(1));
  double difference = 0;
  for (std::size_t i = 0; i < grain.size(); ++i) difference += std::abs(once[i] - grain[i]) / double(grain.size());
  EXPECT_GT(difference, 1e-3);
  EXPECT_LT(difference, 0.2) << "the image is still there";
}

TEST(Augment, CropsNoMoreThanAllowed) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    std::vector<float> image = Slope();
    Augment(image, kRows, kColumns, {Augmentation::kNone, 0, 0.64}, seed);
    const auto [low, high] = std::minmax_element(image.begin(), image.end());
    EXPECT_GE(*high - *low, 0.64 * 2 * 0.8 - 0.1) << "at least 0.8 of the width, less by the shape";
    EXPECT_LT(*high - *low, 2);
  }
}

TEST(Augment, LeavesAloneWhatIsSwitchedOff) {
  std::vector<float> image = Slope();
  Augment(image, kRows, kColumns, {Augmentation::kNone, 0, 1}, 1);
  EXPECT_EQ(image, Slope());
}

}  // namespace
}  // namespace cxr
