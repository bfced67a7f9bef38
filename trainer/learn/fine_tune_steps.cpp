// SPDX-License-Identifier: Apache-2.0
#include "trainer/learn/fine_tune_steps.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_format.h"
#include "service/model/engine/device.h"
#include "trainer/data/batch_loader.h"
#include "trainer/data/progress.h"
#include "trainer/data/run_context.h"
#include "trainer/learn/training_batches.h"

namespace cxr {
namespace {

constexpr double kWarmUpShare = 0.1;
constexpr double kFinalShare = 0.02;  // of the peak learning rate, at the last step
constexpr double kGradientNorm = 5.0;
constexpr std::uint64_t kStepSeeds = 1ULL << 40U;  // apart from the seeds of images

double LearningRate(double peak, std::int64_t step, std::int64_t steps) {
  const double progress = static_cast<double>(step + 1) / static_cast<double>(steps);
  if (progress < kWarmUpShare) return peak * progress / kWarmUpShare;
  const double decay = (1 + std::cos(M_PI * (progress - kWarmUpShare) / (1 - kWarmUpShare))) / 2;
  return peak * (kFinalShare + (1 - kFinalShare) * decay);
}

std::vector<torch::Tensor> Trained(const TrainableNetwork& network) {
  std::vector<torch::Tensor> trained;
  for (const torch::Tensor& parameter : network.Parameters()) {
    if (parameter.requires_grad()) trained.push_back(parameter);
  }
  return trained;
}

std::vector<torch::Tensor> Detached(const std::vector<torch::Tensor>& tensors) {
  std::vector<torch::Tensor> detached;
  for (const torch::Tensor& tensor : tensors) detached.push_back(tensor.detach());
  return detached;
}

}  // namespace

FineTuneSteps::FineTuneSteps(const TrainOptions& options, const std::vector<LabelledImage>& images, const Loss& loss,
                             const RunContext& context, TrainableNetwork& network)
    : options_(options),
      images_(images),
      loss_(loss),
      context_(context),
      network_(network),
      optimizer_(Trained(network),
                 torch::optim::AdamWOptions(options.learning_rate).weight_decay(options.weight_decay)),
      average_(network, options.average_decay) {}

absl::StatusOr<EpochRow> FineTuneSteps::RunEpoch(const std::function<absl::Status()>& save) {
  network_.Train(true);
  const std::vector<std::size_t> order = ShuffledOrder(options_.seed, position_.epoch, images_.size());
  if (absl::Status status = RunBatches(order, save); !status.ok()) return status;
  const double loss = position_.loss / static_cast<double>(order.size());
  return EpochRow{"fine-tune", position_.epoch, {loss, ComputeMetrics(seen_)}, {}};
}

absl::Status FineTuneSteps::RunBatches(const std::vector<std::size_t>& order,
                                       const std::function<absl::Status()>& save) {
  const auto batch_size = static_cast<std::size_t>(options_.batch_size);
  const std::size_t done = std::min(order.size(), static_cast<std::size_t>(position_.batches) * batch_size);
  const std::vector<std::size_t> left(order.begin() + static_cast<std::ptrdiff_t>(done), order.end());
  BatchLoader loader(left.size(), batch_size, options_.loaders, [&](std::size_t position) {
    return LoadAugmented(options_, context_, images_[left[position]], position_.epoch, done + position);
  });
  Progress progress(absl::StrFormat("fine-tune %d/%d", position_.epoch, options_.fine_tune_epochs), left.size());
  step_times_.clear();
  while (true) {
    const double waited_before = loader.SecondsWaited();
    auto batch = loader.Next();
    if (!batch.ok()) return batch.status();
    if (batch->positions.empty()) return absl::OkStatus();
    if (context_.stop.Requested()) {
      if (absl::Status status = save(); !status.ok()) return status;
      return absl::CancelledError("stopped by a signal; --resume goes on from here");
    }
    // BatchNorm has no statistics for a single image.
    if (batch->positions.size() > 1) {
      step_times_.push_back(Step(*batch, left));
      step_times_.back().wait = loader.SecondsWaited() - waited_before;
    }
    progress.Add(batch->positions.size(),
                 absl::StrFormat("loss %.4f  waited %.1f %% for pictures", last_loss_, 100 * WaitShare(step_times_)));
    ++position_.batches;
    const bool due = options_.checkpoint_steps > 0 && position_.batches % options_.checkpoint_steps == 0;
    if (due && position_.batches < static_cast<std::int64_t>(BatchesPerEpoch())) {
      if (absl::Status status = save(); !status.ok()) return status;
    }
  }
}

torch::Tensor FineTuneSteps::Forward(const torch::Tensor& images, const torch::Tensor& targets, std::uint64_t seed,
                                     torch::Tensor& logits) {
  if (options_.mixup <= 0) {
    logits = network_.head(network_.backbone(images));
    return loss_(logits, targets);
  }
  const MixUp mix = DrawMixUp(images.size(0), options_.mixup, seed, images.device());
  const torch::Tensor mixed = mix.share * images + (1 - mix.share) * images.index_select(0, mix.partner);
  logits = network_.head(network_.backbone(mixed.contiguous(torch::MemoryFormat::ChannelsLast)));
  return mix.share * loss_(logits, targets) + (1 - mix.share) * loss_(logits, targets.index_select(0, mix.partner));
}

StepTimes FineTuneSteps::Step(Batch& batch, const std::vector<std::size_t>& order) {
  LapWatch watch;
  StepTimes times;
  // Dropout and mixing, too, follow from epoch and position, so that a resumed run needs no generator's state.
  const std::uint64_t seed = MixSeeds(options_.seed, static_cast<std::uint64_t>(position_.epoch),
                                      kStepSeeds + static_cast<std::uint64_t>(position_.batches));
  SeedTorch(seed);
  std::vector<std::int64_t> labels;
  for (const std::size_t position : batch.positions) labels.push_back(static_cast<int>(images_[order[position]].label));
  const torch::Tensor targets = torch::tensor(labels).to(torch::Device(options_.device));
  torch::Tensor logits;
  const torch::Tensor value = Forward(BatchTensor(options_, batch), targets, seed, logits);
  times.forward = watch.Lap();
  const auto steps = static_cast<std::int64_t>(BatchesPerEpoch()) * options_.fine_tune_epochs;
  SetLearningRate(LearningRate(options_.learning_rate, position_.steps++, steps));
  optimizer_.zero_grad();
  value.backward();
  times.backward = watch.Lap();
  torch::nn::utils::clip_grad_norm_(Trained(network_), kGradientNorm);
  optimizer_.step();
  average_.Update();
  last_loss_ = value.item<double>();
  position_.loss += last_loss_ * static_cast<double>(batch.positions.size());
  AppendPredictions(logits, targets, seen_);
  times.update = watch.Lap();
  return times;
}

void FineTuneSteps::CloseEpoch(double score) {
  position_.scores.push_back(score);
  ++position_.epoch;
  position_.batches = 0;
  position_.loss = 0;
  seen_.clear();
}

void FineTuneSteps::KeepBest() {
  best_.clear();
  for (const torch::Tensor& tensor : State()) best_.push_back(tensor.detach().clone());
}

void FineTuneSteps::TakeResult() {
  if (best_.empty()) {
    average_.Swap();
  } else {
    CopyTensors(best_, State());
  }
}

void FineTuneSteps::SaveTensors(torch::serialize::OutputArchive& archive) const {
  archive.write("network", c10::IValue(Detached(State())));
  archive.write("best", c10::IValue(best_));
  archive.write("seen", PackPredictions(seen_), /*is_buffer=*/true);
  average_.Save(archive);
  torch::serialize::OutputArchive optimizer;
  optimizer_.save(optimizer);
  archive.write("optimizer", optimizer);
}

void FineTuneSteps::LoadTensors(torch::serialize::InputArchive& archive) {
  c10::IValue network;
  c10::IValue best;
  archive.read("network", network);
  archive.read("best", best);
  CopyTensors(network.toTensorVector(), State());
  best_ = best.toTensorVector();
  average_.Load(archive);
  torch::Tensor seen;
  if (archive.try_read("seen", seen, /*is_buffer=*/true)) seen_ = UnpackPredictions(seen);  // 0.1.0 wrote none
  torch::serialize::InputArchive optimizer;
  archive.read("optimizer", optimizer);
  optimizer_.load(optimizer);
}

std::vector<torch::Tensor> FineTuneSteps::State() const {
  std::vector<torch::Tensor> state = network_.Parameters();
  for (const torch::Tensor& buffer : network_.Buffers()) state.push_back(buffer);
  return state;
}

std::size_t FineTuneSteps::BatchesPerEpoch() const {
  const auto batch_size = static_cast<std::size_t>(options_.batch_size);
  return (images_.size() + batch_size - 1) / batch_size;
}

void FineTuneSteps::SetLearningRate(double rate) {
  for (auto& group : optimizer_.param_groups()) static_cast<torch::optim::AdamWOptions&>(group.options()).lr(rate);
}

}  // namespace cxr
