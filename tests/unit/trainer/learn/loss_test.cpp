// SPDX-License-Identifier: Apache-2.0
#include "trainer/learn/loss.h"

#include <gtest/gtest.h>

#include <cmath>

namespace cxr {
namespace {

std::vector<LabelledImage> Counts(int bacteria, int normal, int virus) {
  std::vector<LabelledImage> images;
  for (int i = 0; i < bacteria; ++i) images.push_back({"", "", Pattern::kBacteria, ""});
  for (int i = 0; i < normal; ++i) images.push_back({"", "", Pattern::kNormal, ""});
  for (int i = 0; i < virus; ++i) images.push_back({"", "", Pattern::kVirus, ""});
  return images;
}

TEST(ClassWeights, MakeClassesCountAlikeAndTheMeanImageOne) {
  const std::vector<float> full = ClassWeights(Counts(60, 20, 20), ClassBalance::kFull);
  EXPECT_FLOAT_EQ(full[0] * 60, full[1] * 20);
  EXPECT_FLOAT_EQ(full[1], full[2]);
  EXPECT_NEAR(full[0] * 60 + full[1] * 20 + full[2] * 20, 100, 1e-3);
  const std::vector<float> root = ClassWeights(Counts(90, 10, 10), ClassBalance::kSquareRoot);
  EXPECT_NEAR(root[1] / root[0], 3, 1e-5);
  EXPECT_EQ(ClassWeights(Counts(7, 5, 3), ClassBalance::kNone), (std::vector<float>{1, 1, 1}));
}

TEST(Loss, IsCrossEntropyWithoutSmoothing) {
  const Loss loss({1, 1, 1}, 0, torch::kCPU);
  const torch::Tensor logits = torch::tensor({{2.0F, 0.0F, -1.0F}, {0.5F, 0.5F, 3.0F}});
  const torch::Tensor labels = torch::tensor({0, 2}, torch::kInt64);
  EXPECT_NEAR(loss(logits, labels).item<double>(), torch::nn::functional::cross_entropy(logits, labels).item<double>(),
              1e-6);
}

TEST(Loss, SmoothsAndWeighs) {
  const Loss loss({2, 1, 1}, 0.3, torch::kCPU);
  const torch::Tensor logits = torch::tensor({{std::log(2.0F), 0.0F, 0.0F}});
  // Probabilities .5 .25 .25; target .8 .1 .1.
  const double expected = 2 * -(0.8 * std::log(0.5) + 0.2 * std::log(0.25));
  EXPECT_NEAR(loss(logits, torch::tensor({0}, torch::kInt64)).item<double>(), expected, 1e-5);
}

TEST(MixUp, FollowsFromTheSeedAndKeepsTheLargerShare) {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    const MixUp mix = DrawMixUp(8, 0.2, seed, torch::kCPU);
    EXPECT_GE(mix.share, 0.5);
    EXPECT_LE(mix.share, 1);
    const MixUp again = DrawMixUp(8, 0.2, seed, torch::kCPU);
    EXPECT_EQ(mix.share, again.share);
    EXPECT_TRUE(torch::equal(mix.partner, again.partner));
    EXPECT_TRUE(torch::equal(std::get<0>(mix.partner.sort()), torch::arange(8))) << "each is somebody's partner once";
  }
}

}  // namespace
}  // namespace cxr
