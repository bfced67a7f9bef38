// SPDX-License-Identifier: Apache-2.0
#include "trainer/cli/training_run.h"

#include <filesystem>
#include <set>

#include "absl/strings/str_cat.h"
#include "service/model/engine/device.h"
#include "trainer/data/atomic_file.h"
#include "trainer/data/csv_table.h"
#include "trainer/learn/fine_tuning.h"
#include "trainer/learn/frozen_stage.h"
#include "trainer/report/environment.h"
#include "trainer/report/report.h"
#include "trainer/report/sample_sheet.h"

namespace cxr {
namespace {

void AppendRows(const std::vector<Sample>& samples, absl::string_view used_for, std::string& text) {
  for (const Sample& sample : samples) {
    absl::StrAppend(&text, CsvField(sample.name), ",", PatternName(sample.label), ",", CsvField(sample.patient), ",",
                    used_for, "\n");
  }
}

absl::Status WriteSplit(const Split& split, const std::string& path) {
  std::string text = "file,label,patient,used_for\n";
  AppendRows(split.training, "training", text);
  AppendRows(split.validation, "validation", text);
  AppendRows(split.test, "test", text);
  return WriteFile(path, text);
}

/// What an earlier run left would not belong to what follows.
void RemoveResults(const TrainOptions& options) {
  std::error_code error;
  std::filesystem::remove(options.out + "/metrics.json", error);
  std::filesystem::remove(options.out + "/model/manifest.json", error);
  if (!options.resume) std::filesystem::remove(CheckpointPath(options), error);
}

}  // namespace

absl::Status PrepareFolder(const TrainOptions& options) {
  std::error_code error;
  std::filesystem::create_directories(options.out, error);
  if (error) return absl::UnavailableError(absl::StrCat("cannot create ", options.out, ": ", error.message()));
  const std::string metrics = options.out + "/metrics.json";  // a run ends with it
  const bool finished = std::filesystem::exists(metrics, error);
  if (!options.resume && !finished && std::filesystem::exists(CheckpointPath(options), error)) {
    return absl::AlreadyExistsError(absl::StrCat(options.out,
                                                 " holds a run that was interrupted: go on with --resume, "
                                                 "or remove ",
                                                 CheckpointPath(options), " to begin again"));
  }
  if (Resumes(options)) return absl::OkStatus();
  return WriteFile(options.out + "/config.toml", options.config);
}

absl::StatusOr<TrainableNetwork> TrainNetwork(const TrainOptions& options, const Split& split,
                                              const RunContext& context) {
  if (absl::Status status = CheckResumable(options, split); !status.ok()) return status;
  RemoveResults(options);
  if (absl::Status status = WriteSplit(split, options.out + "/split.csv"); !status.ok()) return status;
  if (absl::Status status = WriteFile(options.out + "/environment.json", FormatEnvironment(options)); !status.ok())
    return status;
  if (absl::Status status = DrawSampleSheet(options, split.training, context, options.out + "/samples.png");
      !status.ok())
    return status;
  SeedTorch(options.seed);
  at::globalContext().setDeterministicCuDNN(true);  // on a GPU its fastest convolutions add up in any order
  SetIntraOpThreads(options.threads);
  auto network = BuildNetwork(options);
  if (!network.ok()) return network.status();
  const Loss loss(ClassWeights(split.training, options.class_balance), options.label_smoothing,
                  torch::Device(options.device));
  Curves curves(options.out + "/curves.csv");
  if (options.frozen_epochs > 0 && !Resumes(options)) {
    if (absl::Status status = TrainFrozen(options, split.training, loss, context, *network, curves); !status.ok())
      return status;
  }
  if (absl::Status status = FineTune(options, split, loss, context, *network, curves); !status.ok()) return status;
  return network;
}

std::size_t CountPatients(const std::vector<Sample>& samples) {
  std::set<std::string> patients;
  for (const Sample& sample : samples) patients.insert(sample.patient);
  return patients.size();
}

}  // namespace cxr
