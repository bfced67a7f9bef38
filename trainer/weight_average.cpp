// SPDX-License-Identifier: Apache-2.0
#include "trainer/weight_average.h"

#include <algorithm>

namespace cxr {

WeightAverage::WeightAverage(const TrainableNetwork& network, double decay) : decay_(decay) {
  live_ = network.Parameters();
  for (const torch::Tensor& buffer : network.Buffers()) {
    if (buffer.is_floating_point()) live_.push_back(buffer);  // not BatchNorm's counter
  }
  for (const torch::Tensor& tensor : live_) average_.push_back(tensor.detach().clone());
}

void WeightAverage::Update() {
  torch::NoGradGuard no_grad;
  const double decay = std::min(decay_, (1.0 + step_) / (10.0 + step_));
  ++step_;
  for (std::size_t i = 0; i < live_.size(); ++i) average_[i].lerp_(live_[i].detach(), 1 - decay);
}

void WeightAverage::Swap() {
  torch::NoGradGuard no_grad;
  for (std::size_t i = 0; i < live_.size(); ++i) {
    const torch::Tensor kept = live_[i].detach().clone();
    live_[i].copy_(average_[i]);
    average_[i].copy_(kept);
  }
}

}  // namespace cxr
