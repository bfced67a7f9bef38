// SPDX-License-Identifier: Apache-2.0
#include "trainer/augmentation.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace cxr {
namespace {

constexpr int kRows = 64;
constexpr int kColumns = 96;

/// Bright towards the right, so that a flip shows.
std::vector<float> Slope() {
  std::vector<float> picture;
  for (int row = 0; row < kRows; ++row) {
    for (int column = 0; column < kColumns; ++column)
      picture.push_back(2.0F * static_cast<float>(column) / kColumns - 1);
  }
  return picture;
}

std::vector<float> Augmented(Augmentation strength, std::uint64_t seed) {
  std::vector<float> picture = Slope();
  Augment(picture, kRows, kColumns, strength, seed);
  return picture;
}

TEST(Augment, FollowsFromTheSeed) {
  for (const Augmentation strength : {Augmentation::kGeometric, Augmentation::kFull}) {
    EXPECT_EQ(Augmented(strength, 1), Augmented(strength, 1));
    EXPECT_NE(Augmented(strength, 1), Augmented(strength, 2));
  }
}

TEST(Augment, StaysInRangeAndFinite) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const std::vector<float> picture = Augmented(Augmentation::kFull, seed);
    ASSERT_EQ(picture.size(), static_cast<std::size_t>(kRows * kColumns));
    for (const float value : picture) ASSERT_TRUE(value >= -1 && value <= 1) << seed;
  }
}

TEST(Augment, FlipsAboutHalfOfThePicturesFromLeftToRight) {
  int flipped = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const std::vector<float> picture = Augmented(Augmentation::kGeometric, seed);
    const std::size_t middle = static_cast<std::size_t>(kRows / 2) * kColumns;
    if (picture[middle + 10] > picture[middle + kColumns - 10]) ++flipped;
  }
  EXPECT_GT(flipped, 60);
  EXPECT_LT(flipped, 140);
}

TEST(Augment, DoesNothingWhenAskedForNothing) {
  EXPECT_EQ(Augmented(Augmentation::kNone, 5), Slope());
}

TEST(Augment, KeepsTheCenterInPlaceWhenItOnlyTurns) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const std::vector<float> picture = Augmented(Augmentation::kGeometric, seed);
    EXPECT_NEAR(picture[static_cast<std::size_t>(kRows / 2) * kColumns + kColumns / 2], 0, 0.05) << seed;
  }
}

}  // namespace
}  // namespace cxr
