// SPDX-License-Identifier: Apache-2.0
#include "service/imaging/preprocess.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include <algorithm>
#include <random>
#include <stdexcept>

namespace cxr {
namespace {

GrayImage NoiseImage(int rows, int columns) {
  std::mt19937 random(static_cast<unsigned>(rows * 31 + columns));
  std::uniform_int_distribution<int> value(0, 255);
  GrayImage image{rows, columns, {}};
  for (int i = 0; i < rows * columns; ++i) image.pixels.push_back(static_cast<std::uint8_t>(value(random)));
  return image;
}

/// The same transform by LibTorch.
torch::Tensor Reference(const GrayImage& image, InputSize size) {
  const torch::Tensor pixels = torch::tensor(std::vector<int>(image.pixels.begin(), image.pixels.end()))
                                   .to(torch::kFloat32)
                                   .view({1, 1, image.rows, image.columns});
  return at::_upsample_bilinear2d_aa(pixels, {size.rows, size.columns}, false) / 127.5 - 1;
}

struct Shape {
  int rows;
  int columns;
  InputSize size;
};

class PreprocessShapes : public testing::TestWithParam<Shape> {};

TEST_P(PreprocessShapes, EqualsTheAntialiasedResizeOfLibTorch) {
  const Shape& shape = GetParam();
  const GrayImage image = NoiseImage(shape.rows, shape.columns);
  const std::vector<float> actual = Preprocess(image, shape.size);
  const torch::Tensor expected = Reference(image, shape.size).contiguous();
  ASSERT_EQ(static_cast<std::int64_t>(actual.size()), expected.numel());
  const torch::Tensor difference = torch::tensor(actual) - expected.view({-1});
  EXPECT_LT(difference.abs().max().item<float>(), 1e-3F);
}

INSTANTIATE_TEST_SUITE_P(DownUpAndOddSizes, PreprocessShapes,
                         testing::Values(Shape{2048, 2048, {224, 224}}, Shape{1858, 2090, {224, 224}},
                                         Shape{223, 517, {224, 224}}, Shape{100, 61, {224, 224}},
                                         Shape{224, 224, {224, 224}}, Shape{1, 1, {32, 32}}, Shape{7, 1000, {64, 96}},
                                         Shape{1001, 3, {96, 64}}));

TEST(Preprocess, MapsBlackToMinusOneAndWhiteToOne) {
  const std::vector<float> black = Preprocess({50, 40, std::vector<std::uint8_t>(2000, 0)}, {32, 32});
  const std::vector<float> white = Preprocess({50, 40, std::vector<std::uint8_t>(2000, 255)}, {32, 32});
  for (const float value : black) EXPECT_FLOAT_EQ(value, -1.0F);
  for (const float value : white) EXPECT_NEAR(value, 1.0F, 1e-6F);
}

TEST(Preprocess, LeavesAnImageOfTheNetworksSizeAsItIs) {
  const GrayImage image = NoiseImage(64, 64);
  const std::vector<float> values = Preprocess(image, {64, 64});
  for (std::size_t i = 0; i < values.size(); ++i) {
    EXPECT_NEAR(values[i], static_cast<float>(image.pixels[i]) / 127.5F - 1.0F, 1e-6F);
  }
}

TEST(Preprocess, RefusesAnImageWhosePixelsDoNotFillIt) {
  EXPECT_THROW(static_cast<void>(Preprocess({10, 10, std::vector<std::uint8_t>(99)}, {32, 32})), std::invalid_argument);
  EXPECT_THROW(static_cast<void>(Preprocess({0, 0, {}}, {32, 32})), std::invalid_argument);
  EXPECT_THROW(static_cast<void>(Preprocess(NoiseImage(4, 4), {0, 32})), std::invalid_argument);
}

}  // namespace
}  // namespace cxr
