// SPDX-License-Identifier: Apache-2.0
#include "trainer/cli/export.h"

#include <filesystem>

#include "absl/strings/str_cat.h"
#include "service/model/engine/device.h"
#include "trainer/cli/judged_model.h"
#include "trainer/cli/train_network.h"
#include "trainer/cli/training_flags.h"
#include "trainer/learn/checkpoint.h"
#include "trainer/learn/fine_tune_stage.h"

namespace cxr {
namespace {

/// The options of the run that wrote the checkpoint, for this machine.
absl::StatusOr<TrainOptions> OptionsOfRun(const ExportOptions& options) {
  const auto facts = ReadCheckpoint(options.checkpoint, "cpu", {});
  if (!facts.ok()) return facts.status();
  auto train = ParseTrainConfig(facts->identity.config);
  if (!train.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat(options.checkpoint, " holds options that are not understood: ", train.status().message()));
  }
  train->config = facts->identity.config;
  train->command = facts->command;
  train->backbone = "none";  // its weights come from the checkpoint
  train->out = options.out;
  train->balance_recall = train->balance_recall || options.balance_recall;
  train->cross_validation = options.cross_validation;
  train->threads = options.threads;
  train->device = options.device;
  if (!options.data.empty()) train->data = options.data;
  return train;
}

}  // namespace

absl::Status Export(const ExportOptions& options, const StopSignal& stop) {
  CheckDevice(options.device);
  const auto train = OptionsOfRun(options);
  if (!train.ok()) return train.status();
  const auto reader = ImageReader::Create();
  if (!reader.ok()) return reader.status();
  const RunContext context{**reader, stop, options.threads};
  const auto split = MakeSplit(*train);
  if (!split.ok()) return split.status();
  SetIntraOpThreads(options.threads);
  auto network = BuildNetwork(*train);
  if (!network.ok()) return network.status();
  if (absl::Status status = RestoreResult(*train, *split, options.checkpoint, context, *network); !status.ok())
    return status;
  std::error_code error;
  std::filesystem::create_directories(options.out, error);
  if (error) return absl::UnavailableError(absl::StrCat("cannot create ", options.out, ": ", error.message()));
  return WriteJudgedModel(*train, *split, context, *network, nullptr, options.out);
}

}  // namespace cxr
