// SPDX-License-Identifier: Apache-2.0
#include "trainer/learn/averaging.h"

#include <algorithm>
#include <type_traits>

#include "trainer/data/batch_loader.h"
#include "trainer/data/progress.h"
#include "trainer/learn/checkpoint.h"
#include "trainer/learn/training_batches.h"

namespace cxr {
namespace {

using Momentum = std::decay_t<decltype(torch::nn::BatchNormOptions(1).momentum())>;  // LibTorch's optional changed type
constexpr double kMomentum = 0.1;                                                    // LibTorch's default

/// Of the blocks that are trained.
std::vector<torch::nn::BatchNorm2d> TrainedNorms(const TrainableNetwork& network) {
  std::vector<torch::nn::BatchNorm2d> norms;
  const std::vector<NetworkBlock>& blocks = network.backbone->blocks();
  for (std::size_t block = static_cast<std::size_t>(network.frozen_blocks); block < blocks.size(); ++block) {
    for (const ConvNorm& layer : blocks[block].layers) norms.push_back(layer.norm);
  }
  return norms;
}

}  // namespace

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

absl::Status ReestimateBatchNorm(const TrainOptions& options, const std::vector<LabelledImage>& training,
                                 const RunContext& context, TrainableNetwork& network) {
  if (options.batch_norm_batches == 0) return absl::OkStatus();
  torch::NoGradGuard no_grad;
  const int epoch = options.fine_tune_epochs + 1;  // views that no epoch has seen
  std::vector<std::size_t> order = ShuffledOrder(options.seed, epoch, training.size());
  const auto batch_size = static_cast<std::size_t>(options.batch_size);
  order.resize(std::min(order.size(), batch_size * static_cast<std::size_t>(options.batch_norm_batches)));
  std::vector<torch::nn::BatchNorm2d> norms = TrainedNorms(network);
  for (torch::nn::BatchNorm2d& norm : norms) {
    norm->reset_running_stats();
    norm->options.momentum(Momentum());  // none: the plain mean over all batches
  }
  network.Train(true);
  BatchLoader loader(order.size(), batch_size, options.loaders, [&](std::size_t position) {
    return LoadAugmented(options, context, training[order[position]], epoch, position);
  });
  Progress progress("BatchNorm", order.size());
  for (auto batch = loader.Next();; batch = loader.Next()) {
    if (!batch.ok()) return batch.status();
    if (batch->positions.empty()) break;
    if (context.stop.Requested()) return absl::CancelledError("stopped by a signal");
    if (batch->positions.size() > 1) network.backbone(BatchTensor(options, *batch));
    progress.Add(batch->positions.size());
  }
  for (torch::nn::BatchNorm2d& norm : norms) norm->options.momentum(kMomentum);
  return absl::OkStatus();
}

}  // namespace cxr
