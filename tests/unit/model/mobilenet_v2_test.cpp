// SPDX-License-Identifier: Apache-2.0
#include "service/model/engine/mobilenet_v2.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

namespace cxr {
namespace {

namespace F = torch::nn::functional;

/// Random weights for upright images under torchvision's names, with statistics that are not those of a fresh
/// network.
std::map<std::string, torch::Tensor> UprightWeights() {
  torch::manual_seed(5);
  std::map<std::string, torch::Tensor> weights;
  MobileNetV2 shapes;
  for (const auto& item : shapes->named_parameters()) {
    const torch::Tensor& value = item.value();
    weights[item.key()] = value.dim() == 4 ? value.detach().clone() : torch::rand_like(value.detach()) + 0.5;
  }
  for (const auto& item : shapes->named_buffers()) {
    if (item.value().is_floating_point()) weights[item.key()] = torch::rand_like(item.value()) + 0.5;
  }
  return weights;
}

/// MobileNetV2 as the weights mean it: upright, with TensorFlow's SAME padding written out.
torch::Tensor UprightForward(const MobileNetV2& shapes, const std::map<std::string, torch::Tensor>& weights,
                             torch::Tensor x) {
  for (const NetworkBlock& block : shapes->blocks()) {
    const torch::Tensor before = x;
    for (const ConvNorm& layer : block.layers) {
      const auto& options = layer.conv->options;
      const bool strided = options.stride()->at(0) == 2;
      if (strided) x = F::pad(x, F::PadFuncOptions({0, 1, 0, 1}));
      x = torch::conv2d(x, weights.at(layer.conv_name + ".weight"), {}, options.stride(),
                        strided ? 0 : options.kernel_size()->at(0) / 2, 1, options.groups());
      x = torch::batch_norm(x, weights.at(layer.norm_name + ".weight"), weights.at(layer.norm_name + ".bias"),
                            weights.at(layer.norm_name + ".running_mean"), weights.at(layer.norm_name + ".running_var"),
                            false, 0.1, 1e-5, false);
      if (layer.relu6) x = torch::relu6(x);
    }
    if (block.residual) x = x + before;
  }
  return x;
}

TEST(MobileNetV2, TurnedWithSymmetricPaddingEqualsSamePaddingUpright) {
  torch::NoGradGuard no_grad;
  const auto weights = UprightWeights();
  MobileNetV2 network;
  LoadBackbone(network, weights);
  network->eval();
  for (const auto& [rows, columns] : {std::pair{64, 96}, std::pair{224, 224}}) {
    const torch::Tensor images = torch::randn({2, 3, rows, columns});
    const torch::Tensor expected = UprightForward(network, weights, images);
    const torch::Tensor actual = network->forward(images);
    ASSERT_EQ(actual.sizes(), (std::vector<std::int64_t>{2, 1280, rows / 32, columns / 32}));
    EXPECT_GT(expected.std().item<float>(), 1e-3F) << "the comparison would say nothing";
    EXPECT_LT((actual - expected).abs().max().item<float>(), 1e-4F * expected.abs().max().item<float>());
  }
}

TEST(MobileNetV2, HasTheParameterNamesOfTorchvision) {
  const auto parameters = MobileNetV2()->named_parameters();
  EXPECT_EQ(parameters.size(), 156U);
  for (const char* name : {"features.0.0.weight", "features.1.conv.0.0.weight", "features.1.conv.1.weight",
                           "features.2.conv.1.1.bias", "features.17.conv.3.weight", "features.18.1.weight"}) {
    EXPECT_TRUE(parameters.contains(name)) << name;
  }
}

TEST(MobileNetV2, RefusesASizeItsPaddingIsNotExactFor) {
  MobileNetV2 network;
  EXPECT_THROW(network->forward(torch::zeros({1, 3, 225, 224})), c10::Error);
  EXPECT_THROW(network->forward(torch::zeros({1, 1, 224, 224})), c10::Error);
}

TEST(MobileNetV2, TrainsInBfloat16WithFloat32WeightsAndGradients) {
  torch::manual_seed(3);
  MobileNetV2 exact;
  MobileNetV2 mixed = std::dynamic_pointer_cast<MobileNetV2Impl>(exact.ptr());
  const torch::Tensor x = torch::rand({8, 3, 128, 128}).contiguous(torch::MemoryFormat::ChannelsLast) * 2 - 1;
  const torch::Tensor expected = exact(x).detach();
  mixed->TrainIn(torch::kBFloat16);
  const torch::Tensor found = mixed(x);
  EXPECT_EQ(found.scalar_type(), torch::kFloat32);
  const auto similarity = torch::cosine_similarity(found.detach().flatten(), expected.flatten(), 0).item<double>();
  EXPECT_GT(similarity, 0.9);  // LibTorch's own bfloat16 operators reach 0.95 on random weights
  found.sum().backward();
  for (const torch::Tensor& parameter : mixed->parameters()) {
    ASSERT_TRUE(parameter.grad().defined());
    EXPECT_EQ(parameter.grad().scalar_type(), torch::kFloat32);
  }
  mixed->eval();
  torch::NoGradGuard no_grad;
  const torch::Tensor serving = mixed(x);
  mixed->TrainIn(torch::kFloat32);
  EXPECT_TRUE(torch::equal(serving, mixed(x))) << "evaluation computes in float32 in any case";
}

std::string WeightsError(const std::map<std::string, torch::Tensor>& weights) {
  MobileNetV2 network;
  try {
    LoadBackbone(network, weights);
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "";
}

TEST(LoadBackbone, NamesTheTensorThatIsMissingUnknownOrOfAnotherShape) {
  auto missing = UprightWeights();
  missing.erase("features.3.conv.0.1.bias");
  EXPECT_THAT(WeightsError(missing), testing::HasSubstr("lacks the tensor features.3.conv.0.1.bias"));
  auto unknown = UprightWeights();
  unknown["classifier.1.weight"] = torch::zeros({1});
  EXPECT_THAT(WeightsError(unknown), testing::HasSubstr("classifier.1.weight"));
  auto misshapen = UprightWeights();
  misshapen["features.0.0.weight"] = torch::zeros({32, 3, 3, 1});
  EXPECT_THAT(WeightsError(misshapen), testing::HasSubstr("features.0.0.weight has the shape"));
}

}  // namespace
}  // namespace cxr
