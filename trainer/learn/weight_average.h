// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <torch/torch.h>

#include <vector>

#include "trainer/learn/network.h"

namespace cxr {

/// The exponential moving average of a network's weights and running statistics (Polyak averaging). It follows faster
/// at first: the decay of step t is min(decay, (1 + t) / (10 + t)).
class WeightAverage {
 public:
  WeightAverage(const TrainableNetwork& network, double decay);

  /// After each optimiser step.
  void Update();

  /// Exchanges the network's weights with the averaged ones; a second call restores both.
  void Swap();

  /// Writes and reads the averaged weights and the step. Load throws when they do not fit the network.
  void Save(torch::serialize::OutputArchive& archive) const;
  void Load(torch::serialize::InputArchive& archive);

 private:
  std::vector<torch::Tensor> live_;
  std::vector<torch::Tensor> average_;
  double decay_;
  std::int64_t step_ = 0;
};

}  // namespace cxr
