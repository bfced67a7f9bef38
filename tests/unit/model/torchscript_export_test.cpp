// SPDX-License-Identifier: Apache-2.0
#include "service/model/engine/torchscript_export.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace cxr {
namespace {

/// A network whose BatchNorm statistics and dropout would show if they were not folded and left out.
void Unsettle(MobileNetV2& network) {
  torch::NoGradGuard no_grad;
  for (auto& buffer : network->buffers()) {
    if (buffer.is_floating_point()) buffer.copy_(torch::rand_like(buffer) + 0.5);
  }
}

class ExportedHeads : public testing::TestWithParam<HeadOptions> {};

TEST_P(ExportedHeads, ComputesWhatTheTrainedNetworkComputes) {
  torch::manual_seed(9);
  torch::NoGradGuard no_grad;
  MobileNetV2 network;
  ClassificationHead head(GetParam());
  Unsettle(network);
  torch::jit::Module module = ExportTorchScript(network, head);
  network->eval();
  head->eval();
  const torch::Tensor images = torch::rand({2, 3, 64, 64}) * 2 - 1;
  const torch::Tensor features = network->forward(images);
  const torch::Tensor logits = head->forward(features);
  const torch::Tensor exported_features = module.get_method("features")({images}).toTensor();
  const float scale = features.abs().max().item<float>();
  EXPECT_GT(scale, 1e-3F);
  EXPECT_LT((exported_features - features).abs().max().item<float>(), 1e-4F * scale);
  EXPECT_TRUE(torch::allclose(module.get_method("head")({features}).toTensor(), logits, 1e-4, 1e-4));
  EXPECT_TRUE(torch::allclose(module.forward({images}).toTensor(), logits, 1e-3, 1e-3));
}

HeadOptions Head(Pooling pooling, std::vector<int> dense) {
  HeadOptions options;
  options.pooling = pooling;
  options.dense = std::move(dense);
  options.dropout = 0.5;
  return options;
}

INSTANTIATE_TEST_SUITE_P(PoolingsAndLayers, ExportedHeads,
                         testing::Values(Head(Pooling::kAverage, {}), Head(Pooling::kMax, {16, 8})));

TEST(ExportTorchScript, IsNotChangedByLaterTraining) {
  torch::NoGradGuard no_grad;
  MobileNetV2 network;
  ClassificationHead head((HeadOptions()));
  torch::jit::Module module = ExportTorchScript(network, head);
  const torch::Tensor features = torch::rand({1, 1280, 7, 7});
  const torch::Tensor before = module.get_method("head")({features}).toTensor();
  for (auto& parameter : head->parameters()) parameter.zero_();
  EXPECT_TRUE(torch::equal(module.get_method("head")({features}).toTensor(), before));
}

TEST(SaveTorchScript, SaysWhichFileCannotBeWritten) {
  try {
    SaveTorchScript(MobileNetV2(), ClassificationHead(HeadOptions()), "/nowhere/at/all/model.pt");
    FAIL() << "expected an error";
  } catch (const std::runtime_error& error) {
    EXPECT_NE(std::string(error.what()).find("/nowhere/at/all/model.pt"), std::string::npos);
  }
}

}  // namespace
}  // namespace cxr
