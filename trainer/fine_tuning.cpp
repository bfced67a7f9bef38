// SPDX-License-Identifier: Apache-2.0
#include "trainer/fine_tuning.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

#include "absl/strings/str_format.h"
#include "trainer/batch_loader.h"
#include "trainer/inference_pass.h"
#include "trainer/progress.h"
#include "trainer/random.h"
#include "trainer/weight_average.h"

namespace cxr {
namespace {

constexpr double kWarmUpShare = 0.1;
constexpr double kFinalShare = 0.02;  // of the peak learning rate, at the last step
constexpr double kGradientNorm = 5.0;

double LearningRate(double peak, std::size_t step, std::size_t steps) {
  const double progress = static_cast<double>(step + 1) / static_cast<double>(steps);
  if (progress < kWarmUpShare) return peak * progress / kWarmUpShare;
  const double decay = (1 + std::cos(M_PI * (progress - kWarmUpShare) / (1 - kWarmUpShare))) / 2;
  return peak * (kFinalShare + (1 - kFinalShare) * decay);
}

/// One run over several epochs: the state that steps share.
class FineTuner {
 public:
  FineTuner(const TrainOptions& options, const std::vector<Sample>& samples, const Loss& loss,
            const RunContext& context, TrainableNetwork& network)
      : options_(options),
        samples_(samples),
        loss_(loss),
        context_(context),
        network_(network),
        optimizer_(network.Parameters(),
                   torch::optim::AdamWOptions(options.learning_rate).weight_decay(options.weight_decay)),
        average_(network, options.average_decay),
        batch_size_(static_cast<std::size_t>(options.batch_size)),
        steps_(StepsPerEpoch() * static_cast<std::size_t>(options.fine_tune_epochs)) {}

  absl::StatusOr<EpochRow> RunEpoch(int epoch) {
    network_.Train(true);
    const std::vector<std::size_t> order = ShuffledOrder(epoch);
    BatchLoader loader(order.size(), batch_size_, options_.loaders,
                       [&](std::size_t position) { return LoadAugmented(samples_[order[position]], epoch, position); });
    Progress progress(absl::StrFormat("fine-tune %d/%d", epoch, options_.fine_tune_epochs), order.size());
    EpochRow row{"fine-tune", epoch, 0, 0, {}};
    while (true) {
      auto batch = loader.Next();
      if (!batch.ok()) return batch.status();
      if (batch->positions.empty()) break;
      if (context_.stop.Requested()) return absl::CancelledError("stopped by a signal");
      // BatchNorm has no statistics for a single picture.
      if (batch->positions.size() > 1) Step(*batch, order, row);
      progress.Add(batch->positions.size(), absl::StrFormat("loss %.4f", last_loss_));
    }
    row.training_loss /= static_cast<double>(order.size());
    row.training_accuracy /= static_cast<double>(order.size());
    return row;
  }

  /// Puts the averaged weights into the network, or takes them out again.
  void SwapAverage() { average_.Swap(); }

 private:
  [[nodiscard]] std::size_t StepsPerEpoch() const { return (samples_.size() + batch_size_ - 1) / batch_size_; }

  [[nodiscard]] std::vector<std::size_t> ShuffledOrder(int epoch) const {
    std::vector<std::size_t> order(samples_.size());
    std::iota(order.begin(), order.end(), 0);
    std::mt19937_64 random(MixSeeds(options_.seed, static_cast<std::uint64_t>(epoch), order.size()));
    std::shuffle(order.begin(), order.end(), random);
    return order;
  }

  [[nodiscard]] absl::StatusOr<std::vector<float>> LoadAugmented(const Sample& sample, int epoch,
                                                                 std::size_t position) const {
    const int side = options_.image_size;
    auto input = LoadInput(context_.pictures, sample, {side, side});
    if (!input.ok()) return input;
    Augment(*input, side, side, options_.augmentation,
            MixSeeds(options_.seed, static_cast<std::uint64_t>(epoch), position));
    return input;
  }

  void Step(Batch& batch, const std::vector<std::size_t>& order, EpochRow& row) {
    const auto count = static_cast<std::int64_t>(batch.positions.size());
    const std::int64_t side = options_.image_size;
    const torch::Device device(options_.device);
    const torch::Tensor pictures = torch::from_blob(batch.pixels.data(), {count, 1, side, side})
                                       .to(device)
                                       .expand({count, 3, side, side})
                                       .contiguous(torch::MemoryFormat::ChannelsLast);
    std::vector<std::int64_t> labels;
    for (const std::size_t position : batch.positions)
      labels.push_back(static_cast<int>(samples_[order[position]].label));
    const torch::Tensor targets = torch::tensor(labels).to(device);
    const torch::Tensor logits = network_.head(network_.backbone(pictures));
    const torch::Tensor value = loss_(logits, targets);
    SetLearningRate(LearningRate(options_.learning_rate, step_++, steps_));
    optimizer_.zero_grad();
    value.backward();
    torch::nn::utils::clip_grad_norm_(network_.Parameters(), kGradientNorm);
    optimizer_.step();
    average_.Update();
    last_loss_ = value.item<double>();
    row.training_loss += last_loss_ * static_cast<double>(count);
    row.training_accuracy += (logits.argmax(1) == targets).sum().item<double>();
  }

  void SetLearningRate(double rate) {
    for (auto& group : optimizer_.param_groups()) static_cast<torch::optim::AdamWOptions&>(group.options()).lr(rate);
  }

  const TrainOptions& options_;
  const std::vector<Sample>& samples_;
  const Loss& loss_;
  const RunContext& context_;
  TrainableNetwork& network_;
  torch::optim::AdamW optimizer_;
  WeightAverage average_;
  const std::size_t batch_size_;
  const std::size_t steps_;
  std::size_t step_ = 0;
  double last_loss_ = 0;
};

}  // namespace

absl::StatusOr<Metrics> Validate(const TrainOptions& options, const std::vector<Sample>& samples,
                                 const RunContext& context, const TrainableNetwork& network) {
  const auto frozen = FreezeNetwork(network, options);
  if (!frozen.ok()) return frozen.status();
  const auto logits = RunLogits(**frozen, samples, "validation", context);
  if (!logits.ok()) return logits.status();
  std::vector<Prediction> predictions;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const PatternProbabilities probabilities = SoftmaxAt((*logits)[i], 1);
    const auto* best = std::max_element(probabilities.begin(), probabilities.end());
    predictions.push_back(
        {samples[i].label, probabilities, kPatterns[static_cast<std::size_t>(best - probabilities.begin())]});
  }
  return ComputeMetrics(predictions);
}

absl::Status FineTune(const TrainOptions& options, const Split& split, const Loss& loss, const RunContext& context,
                      TrainableNetwork& network, Curves& curves) {
  FineTuner tuner(options, split.training, loss, context, network);
  for (int epoch = 1; epoch <= options.fine_tune_epochs; ++epoch) {
    auto row = tuner.RunEpoch(epoch);
    if (!row.ok()) return row.status();
    tuner.SwapAverage();
    auto validation = Validate(options, split.validation, context, network);
    if (!validation.ok()) return validation.status();
    row->validation = *std::move(validation);
    curves.Add(*row);
    if (epoch < options.fine_tune_epochs) tuner.SwapAverage();
  }
  return curves.status();
}

}  // namespace cxr
