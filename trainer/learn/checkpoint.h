// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <torch/torch.h>

#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace cxr {

/// Where a fine-tuning run stands between two steps, apart from its tensors. No state of a random generator is needed:
/// order, augmentation and dropout follow from the seed, the epoch and the position alone.
struct TrainingPosition {
  int epoch = 1;               ///< the one that is going on, from 1
  std::int64_t batches = 0;    ///< of it that are done
  std::int64_t steps = 0;      ///< of the optimiser, over all epochs
  double loss = 0;             ///< summed over the images of the epoch so far
  std::vector<double> scores;  ///< the selection metric of each epoch that is over
};

/// What a checkpoint is of: the run that goes on with it must be the same.
struct RunIdentity {
  std::string config;  ///< TrainOptions::config
  std::string data;    ///< digest of who is trained and validated on
};

/// The parts of a checkpoint that are text and numbers.
struct CheckpointFacts {
  RunIdentity identity;
  TrainingPosition position;
  std::string command;  ///< TrainOptions::command
  std::string curves;   ///< the file curves.csv so far
};

/// Writes a checkpoint, so that `path` holds either the earlier one or this one whole, even if the machine stops (a
/// temporary file beside it, fsync, rename). `tensors` adds the tensors. The error names the file.
[[nodiscard]] absl::Status WriteCheckpoint(const std::string& path, const CheckpointFacts& facts,
                                           const std::function<void(torch::serialize::OutputArchive&)>& tensors);

/// Reads one; `tensors`, where given, takes the tensors, on `device`. The error names the file and what is wrong.
[[nodiscard]] absl::StatusOr<CheckpointFacts> ReadCheckpoint(
    const std::string& path, const std::string& device,
    const std::function<void(torch::serialize::InputArchive&)>& tensors);

/// The error of the first option that decides the weights and differs between two configurations; those that only say
/// where and how fast the run goes (out, data, backbone, device, threads, loaders, resume, checkpoint-steps), and
/// what is done once the weights are learnt (balance-recall), may differ.
[[nodiscard]] absl::Status CheckSameRun(const RunIdentity& earlier, const RunIdentity& now);

/// Copies saved tensors into those of a network or an average. Throws std::runtime_error when they do not fit.
void CopyTensors(const std::vector<torch::Tensor>& saved, const std::vector<torch::Tensor>& targets);

}  // namespace cxr
