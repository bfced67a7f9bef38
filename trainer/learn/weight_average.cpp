// SPDX-License-Identifier: Apache-2.0
#include "trainer/learn/weight_average.h"

#include <algorithm>

#include "trainer/learn/checkpoint.h"

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
  const double decay = std::min(decay_, (1.0 + static_cast<double>(step_)) / (10.0 + static_cast<double>(step_)));
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

void WeightAverage::Save(torch::serialize::OutputArchive& archive) const {
  archive.write("average", c10::IValue(average_));
  archive.write("average_step", c10::IValue(step_));
}

void WeightAverage::Load(torch::serialize::InputArchive& archive) {
  c10::IValue average;
  c10::IValue step;
  archive.read("average", average);
  archive.read("average_step", step);
  CopyTensors(average.toTensorVector(), average_);
  step_ = step.toInt();
}

}  // namespace cxr
