// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <torch/torch.h>

#include <vector>

#include "absl/status/status.h"
#include "trainer/data/dataset.h"
#include "trainer/data/run_context.h"
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

/// Measures BatchNorm's means and variances anew for the weights that `network` holds now, over
/// options.batch_norm_batches batches of augmented training images: averaged weights never saw the statistics that
/// were averaged beside them. Blocks that are frozen keep theirs. Does nothing for 0. Follows from the seed alone.
/// Cancelled when a stop is requested.
[[nodiscard]] absl::Status ReestimateBatchNorm(const TrainOptions& options, const std::vector<LabelledImage>& training,
                                               const RunContext& context, TrainableNetwork& network);

}  // namespace cxr
