// SPDX-License-Identifier: Apache-2.0
#include "trainer/frozen_stage.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "service/model/engine/feature_tensor.h"
#include "trainer/inference_pass.h"
#include "trainer/random.h"

namespace cxr {
namespace {

constexpr std::int64_t kRowsPerStep = 128;

struct PooledFeatures {
  torch::Tensor values;  // rows x channels; row = view * samples + sample
  torch::Tensor labels;
};

absl::StatusOr<PooledFeatures> Extract(const TrainOptions& options, const std::vector<Sample>& samples,
                                       const RunContext& context, const TrainableNetwork& network) {
  const auto frozen = FreezeNetwork(network, options);
  if (!frozen.ok()) return frozen.status();
  const std::size_t rows = samples.size() * static_cast<std::size_t>(options.frozen_views);
  PooledFeatures pooled;
  pooled.values = torch::empty({static_cast<std::int64_t>(rows), MobileNetV2Impl::kFeatureChannels});
  std::vector<std::int64_t> labels;
  for (std::size_t row = 0; row < rows; ++row) labels.push_back(static_cast<int>(samples[row % samples.size()].label));
  pooled.labels = torch::tensor(labels);
  const int side = options.image_size;
  const absl::Status status = RunFeatures(
      **frozen, rows, "features", context,
      [&](std::size_t row) {
        auto input = LoadInput(context.pictures, samples[row % samples.size()], {side, side});
        if (input.ok() && row >= samples.size())
          Augment(*input, side, side, options.augmentation, MixSeeds(options.seed, 0, row));
        return input;
      },
      [&](std::size_t row, const FeatureBatch& features) {
        torch::NoGradGuard no_grad;
        pooled.values[static_cast<std::int64_t>(row)].copy_(network.head->Pool(features.impl().maps)[0]);
      });
  if (!status.ok()) return status;
  return pooled;
}

}  // namespace

absl::Status TrainFrozen(const TrainOptions& options, const std::vector<Sample>& training, const Loss& loss,
                         const RunContext& context, TrainableNetwork& network, Curves& curves) {
  auto pooled = Extract(options, training, context, network);
  if (!pooled.ok()) return pooled.status();
  const torch::Device device(options.device);
  pooled->values = pooled->values.to(device);
  pooled->labels = pooled->labels.to(device);
  torch::optim::AdamW optimizer(
      network.head->parameters(),
      torch::optim::AdamWOptions(options.head_learning_rate).weight_decay(options.weight_decay));
  network.head->train();
  const std::int64_t rows = pooled->labels.size(0);
  for (int epoch = 0; epoch < options.frozen_epochs; ++epoch) {
    if (context.stop.Requested()) return absl::CancelledError("stopped by a signal");
    const torch::Tensor order = torch::randperm(rows, torch::kInt64).to(device);
    double total = 0;
    std::int64_t hits = 0;
    for (std::int64_t begin = 0; begin < rows; begin += kRowsPerStep) {
      const torch::Tensor chosen = order.slice(0, begin, std::min(rows, begin + kRowsPerStep));
      const torch::Tensor labels = pooled->labels.index_select(0, chosen);
      const torch::Tensor logits = network.head->Classify(pooled->values.index_select(0, chosen));
      const torch::Tensor value = loss(logits, labels);
      optimizer.zero_grad();
      value.backward();
      optimizer.step();
      total += value.item<double>() * static_cast<double>(chosen.size(0));
      hits += (logits.argmax(1) == labels).sum().item<std::int64_t>();
    }
    curves.Add({"frozen",
                epoch + 1,
                total / static_cast<double>(rows),
                static_cast<double>(hits) / static_cast<double>(rows),
                {}});
  }
  return absl::OkStatus();
}

}  // namespace cxr
