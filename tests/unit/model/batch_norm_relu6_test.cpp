// SPDX-License-Identifier: Apache-2.0
#include "service/model/engine/batch_norm_relu6.h"

#include <gtest/gtest.h>

namespace cxr {
namespace {

constexpr int kChannels = 24;

torch::nn::BatchNorm2d Norm() {
  torch::nn::BatchNorm2d norm(kChannels);
  torch::NoGradGuard no_grad;
  norm->weight.uniform_(0.5, 3);
  norm->bias.uniform_(-1, 4);
  return norm;
}

/// More rows than one chunk of sums, and not a multiple of it; channels of different means and spreads.
torch::Tensor Image() {
  torch::manual_seed(7);
  const torch::Tensor spread = torch::linspace(0.1, 3, kChannels).view({1, kChannels, 1, 1});
  const torch::Tensor mean = torch::linspace(-5, 5, kChannels).view({1, kChannels, 1, 1});
  return (torch::randn({5, kChannels, 19, 13}) * spread + mean)
      .to(torch::kBFloat16)
      .contiguous(torch::MemoryFormat::ChannelsLast);
}

struct Outcome {
  torch::Tensor y;
  torch::Tensor dx;
  torch::Tensor d_weight;
  torch::Tensor d_bias;
};

/// `dy` is what follows: a fixed weight for each value.
Outcome Fused(torch::nn::BatchNorm2d norm, const torch::Tensor& image, const torch::Tensor& dy, bool relu6) {
  const torch::Tensor x = image.clone().set_requires_grad(true);
  const torch::Tensor y = BatchNormRelu6(norm, x, relu6);
  y.backward(dy.to(torch::kBFloat16).contiguous(torch::MemoryFormat::ChannelsLast));
  return {y.detach(), x.grad(), norm->weight.grad(), norm->bias.grad()};
}

Outcome ReferenceOutcome(torch::nn::BatchNorm2d norm, const torch::Tensor& image, const torch::Tensor& dy, bool relu6) {
  const torch::Tensor x = image.to(torch::kFloat32).set_requires_grad(true);
  torch::Tensor y = norm(x);
  if (relu6) y = torch::hardtanh(y, 0, 6);
  y.backward(dy.to(torch::kBFloat16).to(torch::kFloat32));
  return {y.detach(), x.grad(), norm->weight.grad(), norm->bias.grad()};
}

/// Largest difference as a share of the largest value.
double Apart(const torch::Tensor& found, const torch::Tensor& expected) {
  const torch::Tensor wide = found.to(torch::kFloat32);
  return ((wide - expected).abs().max() / expected.abs().max()).item<double>();
}

void ExpectLikeLibTorch(bool relu6) {
  const torch::Tensor image = Image();
  const torch::Tensor dy = torch::randn(image.sizes());
  torch::nn::BatchNorm2d fused = Norm();
  torch::nn::BatchNorm2d plain = std::dynamic_pointer_cast<torch::nn::BatchNorm2dImpl>(fused->clone());
  const Outcome found = Fused(fused, image, dy, relu6);
  const Outcome expected = ReferenceOutcome(plain, image, dy, relu6);
  constexpr double kRounding = 1.0 / 256;  // of bfloat16
  EXPECT_LT(Apart(found.y, expected.y), kRounding);
  EXPECT_LT(Apart(found.dx, expected.dx), kRounding);
  EXPECT_LT(Apart(found.d_weight, expected.d_weight), 1e-4);
  EXPECT_LT(Apart(found.d_bias, expected.d_bias), 1e-4);
  EXPECT_LT(Apart(fused->running_mean, plain->running_mean), 1e-5);
  EXPECT_LT(Apart(fused->running_var, plain->running_var), 1e-5);
}

TEST(BatchNormRelu6, GivesLibTorchsValuesAndGradients) {
  ExpectLikeLibTorch(true);
}

TEST(BatchNormRelu6, GivesThemWithoutTheClampToo) {
  ExpectLikeLibTorch(false);
}

TEST(BatchNormRelu6, AveragesAllBatchesWhereThereIsNoMomentum) {
  torch::nn::BatchNorm2d fused = Norm();
  fused->options.momentum(std::decay_t<decltype(fused->options.momentum())>());
  torch::nn::BatchNorm2d plain = std::dynamic_pointer_cast<torch::nn::BatchNorm2dImpl>(fused->clone());
  plain->options.momentum(fused->options.momentum());
  torch::NoGradGuard no_grad;
  for (const double shift : {0.0, 2.0, -3.0}) {
    const torch::Tensor x = (Image() + shift).contiguous(torch::MemoryFormat::ChannelsLast);
    (void)BatchNormRelu6(fused, x, true);
    (void)plain(x.to(torch::kFloat32));
  }
  EXPECT_LT(Apart(fused->running_mean, plain->running_mean), 1e-5);
  EXPECT_EQ(fused->num_batches_tracked.item<int>(), 3);
}

TEST(BatchNormRelu6, GivesTheSameBitsOnAnyNumberOfThreads) {
  const torch::Tensor image = Image();
  const torch::Tensor dy = torch::randn(image.sizes());
  torch::nn::BatchNorm2d first = Norm();
  torch::nn::BatchNorm2d second = std::dynamic_pointer_cast<torch::nn::BatchNorm2dImpl>(first->clone());
  const int threads = torch::get_num_threads();
  torch::set_num_threads(1);
  const Outcome alone = Fused(first, image, dy, true);
  torch::set_num_threads(3);
  const Outcome shared = Fused(second, image, dy, true);
  torch::set_num_threads(threads);
  EXPECT_TRUE(torch::equal(alone.y, shared.y));
  EXPECT_TRUE(torch::equal(alone.dx, shared.dx));
  EXPECT_TRUE(torch::equal(alone.d_weight, shared.d_weight));
}

TEST(BatchNormRelu6, IsForTrainingInBfloat16WithChannelsLastAlone) {
  torch::nn::BatchNorm2d norm = Norm();
  const torch::Tensor image = Image();
  EXPECT_TRUE(CanFuse(norm, image));
  EXPECT_FALSE(CanFuse(norm, image.to(torch::kFloat32)));
  EXPECT_FALSE(CanFuse(norm, image.contiguous(torch::MemoryFormat::Contiguous)));
  norm->eval();
  EXPECT_FALSE(CanFuse(norm, image));
  EXPECT_THROW((void)BatchNormRelu6(norm, image, true), c10::Error);
}

}  // namespace
}  // namespace cxr
