// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <torch/torch.h>

#include <functional>
#include <vector>

#include "absl/status/statusor.h"
#include "trainer/data/batch_loader.h"
#include "trainer/data/dataset.h"
#include "trainer/data/run_context.h"
#include "trainer/learn/averaging.h"
#include "trainer/learn/checkpoint.h"
#include "trainer/learn/epoch.h"
#include "trainer/learn/loss.h"
#include "trainer/learn/network.h"
#include "trainer/learn/step_times.h"

namespace cxr {

/// The steps of fine-tuning and the state they share: optimiser, averaged and best weights, position. FineTune
/// (fine_tune_stage.h) makes epochs of them. All arguments are borrowed.
class FineTuneSteps {
 public:
  FineTuneSteps(const TrainOptions& options, const std::vector<LabelledImage>& images, const Loss& loss,
                const RunContext& context, TrainableNetwork& network);

  /// Runs what is left of the current epoch. Calls `save` every options.checkpoint_steps batches, and before it returns
  /// Cancelled when a stop is requested. Afterwards the epoch is over, and position() still tells of it.
  [[nodiscard]] absl::StatusOr<EpochRow> RunEpoch(const std::function<absl::Status()>& save);

  /// Goes on to the next epoch; `score` is what selection goes by.
  void CloseEpoch(double score);

  /// Remembers the weights that are in the network now as the best so far.
  void KeepBest();

  /// Puts the averaged weights into the network, or takes them out again.
  void SwapAverage() { average_.Swap(); }

  /// Puts the weights into the network that the run ends with: the best ones where some were kept, otherwise the
  /// averaged ones.
  void TakeResult();

  [[nodiscard]] const TrainingPosition& position() const { return position_; }

  /// What the steps of the latest RunEpoch took, in order.
  [[nodiscard]] const std::vector<StepTimes>& step_times() const { return step_times_; }

  /// The tensors that SaveTensors writes; LoadTensors throws when they do not fit this network.
  void SaveTensors(torch::serialize::OutputArchive& archive) const;
  void LoadTensors(torch::serialize::InputArchive& archive);
  void SetPosition(TrainingPosition position) { position_ = std::move(position); }

 private:
  [[nodiscard]] std::size_t BatchesPerEpoch() const;
  [[nodiscard]] absl::Status RunBatches(const std::vector<std::size_t>& order,
                                        const std::function<absl::Status()>& save);
  /// The loss of a batch, mixed if options.mixup says so; `logits` receives the network's answer.
  [[nodiscard]] torch::Tensor Forward(const torch::Tensor& images, const torch::Tensor& targets, std::uint64_t seed,
                                      torch::Tensor& logits);
  [[nodiscard]] StepTimes Step(Batch& batch, const std::vector<std::size_t>& order);
  void SetLearningRate(double rate);
  [[nodiscard]] std::vector<torch::Tensor> State() const;

  const TrainOptions& options_;
  const std::vector<LabelledImage>& images_;
  const Loss& loss_;
  const RunContext& context_;
  TrainableNetwork& network_;
  torch::optim::AdamW optimizer_;
  WeightAverage average_;
  std::vector<torch::Tensor> best_;  ///< empty until KeepBest
  TrainingPosition position_;
  std::vector<Prediction> seen_;  ///< what the network said in training in the epoch so far
  std::vector<StepTimes> step_times_;
  double last_loss_ = 0;
};

}  // namespace cxr
