// SPDX-License-Identifier: Apache-2.0
#include "trainer/learn/averaging.h"

#include <gtest/gtest.h>

#include "tests/unit/trainer/generated_data.h"

namespace cxr {
namespace {

TrainableNetwork FreshNetwork() {
  TrainableNetwork network;
  network.backbone = MobileNetV2();
  network.head = ClassificationHead(HeadOptions());
  return network;
}

void Fill(TrainableNetwork& network, double value) {
  torch::NoGradGuard no_grad;
  for (torch::Tensor parameter : network.Parameters()) parameter.fill_(value);
}

double First(const TrainableNetwork& network) {
  return network.Parameters()[0].flatten()[0].item<double>();
}

TEST(WeightAverage, FollowsTheWeightsWithItsDecayAndSwapsBackAndForth) {
  TrainableNetwork network = FreshNetwork();
  Fill(network, 0);
  WeightAverage average(network, 0.5);
  Fill(network, 1);
  average.Update();  // decay min(0.5, 1 / 10): 0.9
  average.Update();  // decay min(0.5, 2 / 11): 1 - 0.1 * 2 / 11
  average.Swap();
  EXPECT_NEAR(First(network), 1 - 0.1 * 2 / 11, 1e-6);
  average.Swap();
  EXPECT_EQ(First(network), 1);
}

TEST(WeightAverage, CoversRunningStatistics) {
  TrainableNetwork network = FreshNetwork();
  WeightAverage average(network, 0);
  {
    torch::NoGradGuard no_grad;
    for (torch::Tensor buffer : network.Buffers()) buffer.fill_(3);
  }
  average.Update();
  {
    torch::NoGradGuard no_grad;
    for (torch::Tensor buffer : network.Buffers()) buffer.fill_(0);
  }
  average.Swap();
  EXPECT_EQ(network.Buffers()[0].flatten()[0].item<double>(), 3);
}

/// A network whose statistics are far off.
TrainableNetwork MisledNetwork() {
  TrainableNetwork network;
  network.backbone = MobileNetV2();
  network.head = ClassificationHead(HeadOptions());
  torch::NoGradGuard no_grad;
  for (const NetworkBlock& block : network.backbone->blocks()) {
    for (const ConvNorm& layer : block.layers) layer.norm->running_mean.fill_(100);
  }
  return network;
}

class BatchNormStatistics : public testing::Test {
 protected:
  absl::Status Reestimate(TrainableNetwork& network, int batches) {
    test::DrawThreeClasses(folder_.path(), 4, 1);
    TrainOptions options;
    options.image_size = 32;
    options.batch_size = 6;
    options.batch_norm_batches = batches;
    const auto reader = ImageReader::Create();
    if (!reader.ok()) return reader.status();
    const auto images = ListImages(folder_.path().string());
    if (!images.ok()) return images.status();
    const StopSignal stop;
    return ReestimateBatchNorm(options, *images, {**reader, stop, 1}, network);
  }

  static torch::Tensor Mean(const TrainableNetwork& network, std::size_t block) {
    return network.backbone->blocks()[block].layers[0].norm->running_mean.clone();
  }

  test::TestFolder folder_;
};

TEST_F(BatchNormStatistics, AreThoseOfTheImagesAfterwards) {
  TrainableNetwork network = MisledNetwork();
  const torch::Tensor weight = network.Parameters().back().clone();
  ASSERT_TRUE(Reestimate(network, 2).ok());
  for (std::size_t block = 0; block < network.backbone->blocks().size(); ++block)
    EXPECT_LT(Mean(network, block).abs().max().item<float>(), 50) << block;
  EXPECT_TRUE(torch::equal(network.Parameters().back(), weight)) << "nothing is learnt";
  EXPECT_EQ(*network.backbone->blocks()[2].layers[0].norm->options.momentum(), 0.1);
}

TEST_F(BatchNormStatistics, StayInFrozenBlocks) {
  TrainableNetwork network = MisledNetwork();
  network.FreezeBlocks(2);
  ASSERT_TRUE(Reestimate(network, 2).ok());
  EXPECT_EQ(Mean(network, 1)[0].item<float>(), 100);
  EXPECT_NE(Mean(network, 2)[0].item<float>(), 100);
}

TEST_F(BatchNormStatistics, StayAsTheyAreWithoutBatches) {
  TrainableNetwork network = MisledNetwork();
  ASSERT_TRUE(Reestimate(network, 0).ok());
  EXPECT_EQ(Mean(network, 5)[0].item<float>(), 100);
}

}  // namespace
}  // namespace cxr
