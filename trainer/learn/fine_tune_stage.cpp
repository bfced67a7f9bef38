// SPDX-License-Identifier: Apache-2.0
#include "trainer/learn/fine_tune_stage.h"

#include <cstdio>
#include <filesystem>

#include "absl/strings/str_cat.h"
#include "service/base/sha256.h"
#include "trainer/learn/averaging.h"
#include "trainer/learn/checkpoint.h"
#include "trainer/learn/epoch.h"
#include "trainer/learn/fine_tune_steps.h"

namespace cxr {
namespace {

/// Who is trained and validated on, in order.
std::string DataDigest(const Split& split) {
  std::string text;
  for (const LabelledImage& image : split.training) absl::StrAppend(&text, image.name, "\n", image.patient, "\n");
  text += "\n";
  for (const LabelledImage& image : split.validation) absl::StrAppend(&text, image.name, "\n", image.patient, "\n");
  return Sha256Hex(text);
}

/// Takes the state of a checkpoint of the same run.
absl::StatusOr<CheckpointFacts> LoadState(const std::string& path, const TrainOptions& options,
                                          const RunIdentity& identity, FineTuneSteps& steps) {
  const auto facts = ReadCheckpoint(path, options.device, {});
  if (!facts.ok()) return facts.status();
  if (absl::Status status = CheckSameRun(facts->identity, identity); !status.ok()) return status;
  auto loaded = ReadCheckpoint(path, options.device, [&](auto& archive) { steps.LoadTensors(archive); });
  if (loaded.ok()) steps.SetPosition(loaded->position);
  return loaded;
}

absl::Status CannotResume(const absl::Status& reason) {
  return absl::Status(reason.code(), absl::StrCat("cannot resume: ", reason.message()));
}

absl::Status ResumeFrom(const std::string& path, const TrainOptions& options, const RunIdentity& identity,
                        FineTuneSteps& steps, Curves& curves) {
  const auto facts = LoadState(path, options, identity, steps);
  if (!facts.ok()) return CannotResume(facts.status());
  if (absl::Status status = curves.Restore(facts->curves); !status.ok()) return CannotResume(status);
  std::fprintf(stderr, "resumes in epoch %d of %d after %lld batches\n", facts->position.epoch,
               options.fine_tune_epochs, static_cast<long long>(facts->position.batches));
  return absl::OkStatus();
}

/// The end of an epoch: its row with the validation of the averaged weights, and whether these are the best so far.
absl::Status CloseEpoch(const TrainOptions& options, const Split& split, const RunContext& context, EpochRow row,
                        const TrainableNetwork& network, FineTuneSteps& steps, Curves& curves) {
  steps.SwapAverage();
  auto validation = Validate(options, split.validation, context, network);
  if (!validation.ok()) return validation.status();
  const double score = SelectionScore(validation->metrics, options.early_stop_metric);
  row.validation = *std::move(validation);
  curves.Add(row);
  std::vector<double> scores = steps.position().scores;
  scores.push_back(score);
  if (options.keep_best && BestEpoch(scores) == row.epoch) steps.KeepBest();
  steps.SwapAverage();
  steps.CloseEpoch(score);
  return curves.status();
}

}  // namespace

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
  FineTuneSteps steps(options, split.training, loss, context, network);
  const auto save = [&] {
    return WriteCheckpoint(path, {identity, steps.position(), options.command, curves.text()},
                           [&](auto& archive) { steps.SaveTensors(archive); });
  };
  const absl::Status begun = Resumes(options) ? ResumeFrom(path, options, identity, steps, curves) : save();
  if (!begun.ok()) return begun;
  while (steps.position().epoch <= options.fine_tune_epochs &&
         !ShouldStop(steps.position().scores, options.early_stop_patience)) {
    auto row = steps.RunEpoch(save);
    if (!row.ok()) return row.status();
    if (absl::Status status = CloseEpoch(options, split, context, *std::move(row), network, steps, curves);
        !status.ok())
      return status;
    if (absl::Status status = save(); !status.ok()) return status;
  }
  steps.TakeResult();
  return ReestimateBatchNorm(options, split.training, context, network);
}

absl::Status RestoreResult(const TrainOptions& options, const Split& split, const std::string& checkpoint,
                           const RunContext& context, TrainableNetwork& network) {
  const Loss loss(ClassWeights(split.training, options.class_balance), options.label_smoothing,
                  torch::Device(options.device));
  FineTuneSteps steps(options, split.training, loss, context, network);
  const auto facts = LoadState(checkpoint, options, {options.config, DataDigest(split)}, steps);
  if (!facts.ok()) return facts.status();
  steps.TakeResult();
  return ReestimateBatchNorm(options, split.training, context, network);
}

}  // namespace cxr
