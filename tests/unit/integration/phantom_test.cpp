// SPDX-License-Identifier: Apache-2.0
#include "integration/phantom/phantom.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace cxr {
namespace {

double MeanOf(const GrayImage& image, double left, double top, double right, double bottom) {
  double sum = 0;
  int count = 0;
  for (int y = static_cast<int>(top * image.rows); y < static_cast<int>(bottom * image.rows); ++y) {
    for (int x = static_cast<int>(left * image.columns); x < static_cast<int>(right * image.columns); ++x) {
      sum += image.pixels[static_cast<std::size_t>(y) * static_cast<std::size_t>(image.columns) +
                          static_cast<std::size_t>(x)];
      ++count;
    }
  }
  return sum / count;
}

TEST(Phantom, HasDarkLungsBesideABrightMiddle) {
  const GrayImage image = DrawChestPhantom({.rows = 400, .columns = 300});
  ASSERT_EQ(image.pixels.size(), 400U * 300U);
  const double middle = MeanOf(image, 0.47, 0.5, 0.53, 0.7);
  EXPECT_GT(middle, MeanOf(image, 0.25, 0.35, 0.4, 0.7) + 60);
  EXPECT_GT(middle, MeanOf(image, 0.65, 0.35, 0.8, 0.55) + 60);
  EXPECT_LT(MeanOf(image, 0.0, 0.9, 0.05, 1.0), 20) << "air beside the body";
}

TEST(Phantom, ShowsAConsolidationInTheLungAtTheLeftOfTheImage) {
  const GrayImage clear = DrawChestPhantom({.rows = 512, .columns = 512});
  const GrayImage ill = DrawChestPhantom({.rows = 512, .columns = 512, .consolidation = true});
  EXPECT_GT(MeanOf(ill, 0.23, 0.53, 0.36, 0.68), MeanOf(clear, 0.23, 0.53, 0.36, 0.68) + 15);
  EXPECT_NEAR(MeanOf(ill, 0.65, 0.3, 0.8, 0.6), MeanOf(clear, 0.65, 0.3, 0.8, 0.6), 1.5);
}

TEST(Phantom, IsLowInContrastAtTheBedside) {
  const auto contrast_of = [](const GrayImage& image) {
    return MeanOf(image, 0.47, 0.5, 0.53, 0.7) - MeanOf(image, 0.65, 0.35, 0.8, 0.55);
  };
  const double bedside = contrast_of(DrawChestPhantom({.rows = 400, .columns = 400, .bedside = true}));
  EXPECT_GT(bedside, 20);
  EXPECT_LT(bedside, 0.9 * contrast_of(DrawChestPhantom({.rows = 400, .columns = 400})));
}

TEST(Phantom, IsTheSameForTheSameSeedOnly) {
  const GrayImage first = DrawChestPhantom({.rows = 128, .columns = 128, .seed = 7});
  EXPECT_EQ(first.pixels, DrawChestPhantom({.rows = 128, .columns = 128, .seed = 7}).pixels);
  EXPECT_NE(first.pixels, DrawChestPhantom({.rows = 128, .columns = 128, .seed = 8}).pixels);
}

TEST(Phantom, RefusesAbsurdSizes) {
  EXPECT_THROW((void)DrawChestPhantom({.rows = 0, .columns = 100}), std::invalid_argument);
  EXPECT_THROW((void)DrawChestPhantom({.rows = 100, .columns = 100000}), std::invalid_argument);
}

}  // namespace
}  // namespace cxr
