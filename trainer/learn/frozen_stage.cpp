// SPDX-License-Identifier: Apache-2.0
#include "trainer/learn/frozen_stage.h"

#include <algorithm>
#include <numeric>

#include "absl/strings/str_cat.h"
#include "service/model/engine/feature_tensor.h"
#include "trainer/data/run_context.h"
#include "trainer/judge/inference_pass.h"
#include "trainer/learn/epoch.h"
#include "trainer/learn/training_batches.h"

namespace cxr {
namespace {

constexpr std::int64_t kRowsPerStep = 128;
constexpr int kFrozenEpoch = 0;  // augmentation's epoch; fine-tuning counts from 1

/// The rows of all views of the images.
torch::Tensor RowsOf(const PooledFeatures& features, const std::vector<std::int64_t>& chosen) {
  std::vector<std::int64_t> rows;
  for (std::int64_t first = 0; first < features.labels.size(0); first += features.images) {
    for (const std::int64_t image : chosen) rows.push_back(first + image);
  }
  return torch::tensor(rows);
}

}  // namespace

absl::StatusOr<PooledFeatures> ExtractFeatures(const TrainOptions& options, const std::vector<LabelledImage>& images,
                                               const RunContext& context, const TrainableNetwork& network) {
  const auto frozen = FreezeNetwork(network, options);
  if (!frozen.ok()) return frozen.status();
  const std::size_t rows = images.size() * static_cast<std::size_t>(options.frozen_views);
  PooledFeatures pooled;
  pooled.values = torch::empty({static_cast<std::int64_t>(rows), MobileNetV2Impl::kFeatureChannels});
  std::vector<std::int64_t> labels;
  for (std::size_t row = 0; row < rows; ++row) labels.push_back(static_cast<int>(images[row % images.size()].label));
  pooled.labels = torch::tensor(labels);
  const int side = options.image_size;
  const absl::Status status = RunFeatures(
      **frozen, rows, "features", context,
      [&](std::size_t row) {
        const LabelledImage& image = images[row % images.size()];
        return row < images.size() ? LoadInput(context.reader, image, {side, side})
                                   : LoadAugmented(options, context, image, kFrozenEpoch, row);
      },
      [&](std::size_t row, const FeatureBatch& features) {
        torch::NoGradGuard no_grad;
        pooled.values[static_cast<std::int64_t>(row)].copy_(network.head->Pool(features.impl().maps)[0]);
      });
  if (!status.ok()) return status;
  pooled.values = pooled.values.to(torch::Device(options.device));
  pooled.labels = pooled.labels.to(torch::Device(options.device));
  pooled.images = static_cast<std::int64_t>(images.size());
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

absl::Status TrainFrozen(const TrainOptions& options, const std::vector<LabelledImage>& training, const Loss& loss,
                         const RunContext& context, TrainableNetwork& network, Curves& curves) {
  const auto features = ExtractFeatures(options, training, context, network);
  if (!features.ok()) return features.status();
  std::vector<std::int64_t> chosen(training.size());
  std::iota(chosen.begin(), chosen.end(), 0);
  return TrainHead(options, *features, chosen, loss, context, network.head, curves);
}

}  // namespace cxr
