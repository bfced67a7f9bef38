// SPDX-License-Identifier: Apache-2.0
#include "trainer/learn/frozen_stage.h"

#include <algorithm>
#include <numeric>

#include "absl/strings/str_cat.h"
#include "service/model/engine/feature_tensor.h"
#include "trainer/data/random.h"
#include "trainer/judge/inference_pass.h"
#include "trainer/learn/batch_predictions.h"

namespace cxr {
namespace {

constexpr std::int64_t kRowsPerStep = 128;

/// The rows of all views of the samples.
torch::Tensor RowsOf(const PooledFeatures& features, const std::vector<std::int64_t>& chosen) {
  std::vector<std::int64_t> rows;
  for (std::int64_t first = 0; first < features.labels.size(0); first += features.samples) {
    for (const std::int64_t sample : chosen) rows.push_back(first + sample);
  }
  return torch::tensor(rows);
}

}  // namespace

absl::StatusOr<PooledFeatures> ExtractFeatures(const TrainOptions& options, const std::vector<Sample>& samples,
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
          Augment(*input, side, side, {options.augmentation, options.jpeg_noise, options.min_crop},
                  MixSeeds(options.seed, 0, row));
        return input;
      },
      [&](std::size_t row, const FeatureBatch& features) {
        torch::NoGradGuard no_grad;
        pooled.values[static_cast<std::int64_t>(row)].copy_(network.head->Pool(features.impl().maps)[0]);
      });
  if (!status.ok()) return status;
  pooled.values = pooled.values.to(torch::Device(options.device));
  pooled.labels = pooled.labels.to(torch::Device(options.device));
  pooled.samples = static_cast<std::int64_t>(samples.size());
  return pooled;
}

absl::Status TrainHead(const TrainOptions& options, const PooledFeatures& features,
                       const std::vector<std::int64_t>& chosen, const Loss& loss, const RunContext& context,
                       ClassificationHead& head, Curves& curves) {
  torch::optim::AdamW optimizer(
      head->parameters(), torch::optim::AdamWOptions(options.head_learning_rate).weight_decay(options.weight_decay));
  head->train();
  const torch::Tensor all = RowsOf(features, chosen);
  const std::int64_t rows = all.size(0);
  for (int epoch = 0; epoch < options.frozen_epochs; ++epoch) {
    if (context.stop.Requested()) return absl::CancelledError("stopped by a signal");
    const torch::Tensor order =
        all.index_select(0, torch::randperm(rows, torch::kInt64)).to(torch::Device(options.device));
    double total = 0;
    std::vector<Prediction> seen;
    for (std::int64_t begin = 0; begin < rows; begin += kRowsPerStep) {
      const torch::Tensor step = order.slice(0, begin, std::min(rows, begin + kRowsPerStep));
      const torch::Tensor labels = features.labels.index_select(0, step);
      const torch::Tensor logits = head->Classify(features.values.index_select(0, step));
      const torch::Tensor value = loss(logits, labels);
      optimizer.zero_grad();
      value.backward();
      optimizer.step();
      total += value.item<double>() * static_cast<double>(step.size(0));
      AppendPredictions(logits, labels, seen);
    }
    curves.Add({"frozen", epoch + 1, {total / static_cast<double>(rows), ComputeMetrics(seen)}, {}});
  }
  return curves.status();
}

absl::Status TrainFrozen(const TrainOptions& options, const std::vector<Sample>& training, const Loss& loss,
                         const RunContext& context, TrainableNetwork& network, Curves& curves) {
  const auto features = ExtractFeatures(options, training, context, network);
  if (!features.ok()) return features.status();
  std::vector<std::int64_t> chosen(training.size());
  std::iota(chosen.begin(), chosen.end(), 0);
  return TrainHead(options, *features, chosen, loss, context, network.head, curves);
}

}  // namespace cxr
