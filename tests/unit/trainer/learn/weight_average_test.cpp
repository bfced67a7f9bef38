// SPDX-License-Identifier: Apache-2.0
#include "trainer/learn/weight_average.h"

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace cxr
