// SPDX-License-Identifier: Apache-2.0
#include "trainer/learn/network.h"

#include <gtest/gtest.h>

#include "trainer/learn/network.h"

namespace cxr {
namespace {

TEST(ParseBlock, TakesTheBlocksOfTheBackboneAlone) {
  EXPECT_EQ(*ParseBlock("features.0"), 0);
  EXPECT_EQ(*ParseBlock("features.18"), 18);
  for (const char* wrong : {"features.19", "features.-1", "features.", "7", "head"})
    EXPECT_FALSE(ParseBlock(wrong).ok()) << wrong;
}

TEST(FrozenBlocks, KeepWeightsAndStatisticsWhileTheOthersLearn) {
  TrainableNetwork network{MobileNetV2(), ClassificationHead(HeadOptions())};
  network.FreezeBlocks(14);
  network.Train(true);
  const NetworkBlock& frozen = network.backbone->blocks()[13];
  const NetworkBlock& trained = network.backbone->blocks()[14];
  const torch::Tensor frozen_mean = frozen.layers[0].norm->running_mean.clone();
  const torch::Tensor trained_mean = trained.layers[0].norm->running_mean.clone();
  network.head(network.backbone(torch::rand({2, 3, 32, 32}))).sum().backward();
  EXPECT_FALSE(frozen.layers[0].conv->weight.grad().defined());
  EXPECT_TRUE(trained.layers[0].conv->weight.grad().defined());
  EXPECT_TRUE(torch::equal(frozen.layers[0].norm->running_mean, frozen_mean));
  EXPECT_FALSE(torch::equal(trained.layers[0].norm->running_mean, trained_mean));
}

}  // namespace
}  // namespace cxr
