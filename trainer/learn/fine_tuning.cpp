// SPDX-License-Identifier: Apache-2.0
#include "trainer/learn/fine_tuning.h"

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "absl/strings/str_cat.h"
#include "service/model/sha256.h"
#include "trainer/judge/inference_pass.h"
#include "trainer/learn/batch_norm.h"
#include "trainer/learn/checkpoint.h"
#include "trainer/learn/fine_tuner.h"
#include "trainer/learn/model_selection.h"

namespace cxr {
namespace {

constexpr double kSmallest = 1e-300;

/// Who is trained and validated on, in order.
std::string DataDigest(const Split& split) {
  std::string text;
  for (const Sample& sample : split.training) absl::StrAppend(&text, sample.name, "\n", sample.patient, "\n");
  text += "\n";
  for (const Sample& sample : split.validation) absl::StrAppend(&text, sample.name, "\n", sample.patient, "\n");
  return Sha256Hex(text);
}

/// Takes the state of a checkpoint of the same run.
absl::StatusOr<CheckpointFacts> LoadState(const std::string& path, const TrainOptions& options,
                                          const RunIdentity& identity, FineTuner& tuner) {
  const auto facts = ReadCheckpoint(path, options.device, {});
  if (!facts.ok()) return facts.status();
  if (absl::Status status = CheckSameRun(facts->identity, identity); !status.ok()) return status;
  auto loaded = ReadCheckpoint(path, options.device, [&](auto& archive) { tuner.LoadTensors(archive); });
  if (loaded.ok()) tuner.SetPosition(loaded->position);
  return loaded;
}

absl::Status CannotResume(const absl::Status& reason) {
  return absl::Status(reason.code(), absl::StrCat("cannot resume: ", reason.message()));
}

absl::Status ResumeFrom(const std::string& path, const TrainOptions& options, const RunIdentity& identity,
                        FineTuner& tuner, Curves& curves) {
  const auto facts = LoadState(path, options, identity, tuner);
  if (!facts.ok()) return CannotResume(facts.status());
  curves.Restore(facts->curves);
  std::fprintf(stderr, "resumes in epoch %d of %d after %lld batches\n", facts->position.epoch,
               options.fine_tune_epochs, static_cast<long long>(facts->position.batches));
  return curves.status();
}

/// The end of an epoch: its row with the validation of the averaged weights, and whether these are the best so far.
absl::Status CloseEpoch(const TrainOptions& options, const Split& split, const RunContext& context, EpochRow row,
                        const TrainableNetwork& network, FineTuner& tuner, Curves& curves) {
  tuner.SwapAverage();
  auto validation = Validate(options, split.validation, context, network);
  if (!validation.ok()) return validation.status();
  const double score = SelectionScore(validation->metrics, options.early_stop_metric);
  row.validation = *std::move(validation);
  curves.Add(row);
  std::vector<double> scores = tuner.position().scores;
  scores.push_back(score);
  if (options.keep_best && BestEpoch(scores) == row.epoch) tuner.KeepBest();
  tuner.SwapAverage();
  tuner.CloseEpoch(score);
  return curves.status();
}

}  // namespace

absl::StatusOr<EpochFigures> Validate(const TrainOptions& options, const std::vector<Sample>& samples,
                                      const RunContext& context, const TrainableNetwork& network) {
  const auto frozen = FreezeNetwork(network, options);
  if (!frozen.ok()) return frozen.status();
  const auto logits = RunLogits(**frozen, samples, "validation", context);
  if (!logits.ok()) return logits.status();
  std::vector<Prediction> predictions;
  EpochFigures figures;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const PatternProbabilities probabilities = SoftmaxAt((*logits)[i], 1);
    const auto* best = std::max_element(probabilities.begin(), probabilities.end());
    predictions.push_back(
        {samples[i].label, probabilities, kPatterns[static_cast<std::size_t>(best - probabilities.begin())]});
    figures.loss -= std::log(std::max(probabilities[static_cast<std::size_t>(samples[i].label)], kSmallest)) /
                    static_cast<double>(samples.size());
  }
  figures.metrics = ComputeMetrics(predictions);
  return figures;
}

std::string CheckpointPath(const TrainOptions& options) {
  return options.out + "/checkpoint.pt";
}

bool Resumes(const TrainOptions& options) {
  std::error_code error;
  return options.resume && std::filesystem::exists(CheckpointPath(options), error);
}

absl::Status CheckResumable(const TrainOptions& options, const Split& split) {
  if (!Resumes(options)) return absl::OkStatus();
  const auto facts = ReadCheckpoint(CheckpointPath(options), options.device, {});
  if (!facts.ok()) return CannotResume(facts.status());
  const absl::Status same = CheckSameRun(facts->identity, {options.config, DataDigest(split)});
  return same.ok() ? same : CannotResume(same);
}

absl::Status FineTune(const TrainOptions& options, const Split& split, const Loss& loss, const RunContext& context,
                      TrainableNetwork& network, Curves& curves) {
  const std::string path = CheckpointPath(options);
  const RunIdentity identity{options.config, DataDigest(split)};
  FineTuner tuner(options, split.training, loss, context, network);
  const auto save = [&] {
    return WriteCheckpoint(path, {identity, tuner.position(), options.command, curves.text()},
                           [&](auto& archive) { tuner.SaveTensors(archive); });
  };
  const absl::Status begun = Resumes(options) ? ResumeFrom(path, options, identity, tuner, curves) : save();
  if (!begun.ok()) return begun;
  while (tuner.position().epoch <= options.fine_tune_epochs &&
         !ShouldStop(tuner.position().scores, options.early_stop_patience)) {
    auto row = tuner.RunEpoch(save);
    if (!row.ok()) return row.status();
    if (absl::Status status = CloseEpoch(options, split, context, *std::move(row), network, tuner, curves);
        !status.ok())
      return status;
    if (absl::Status status = save(); !status.ok()) return status;
  }
  tuner.TakeResult();
  return ReestimateBatchNorm(options, split.training, context, network);
}

absl::Status RestoreResult(const TrainOptions& options, const Split& split, const std::string& checkpoint,
                           const RunContext& context, TrainableNetwork& network) {
  const Loss loss(ClassWeights(split.training, options.class_balance), options.label_smoothing,
                  torch::Device(options.device));
  FineTuner tuner(options, split.training, loss, context, network);
  const auto facts = LoadState(checkpoint, options, {options.config, DataDigest(split)}, tuner);
  if (!facts.ok()) return facts.status();
  tuner.TakeResult();
  return ReestimateBatchNorm(options, split.training, context, network);
}

}  // namespace cxr
