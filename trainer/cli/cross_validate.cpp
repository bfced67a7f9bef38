// SPDX-License-Identifier: Apache-2.0
#include "trainer/cli/cross_validate.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <utility>

#include "absl/strings/str_cat.h"
#include "service/model/engine/device.h"
#include "trainer/cli/run_folder.h"
#include "trainer/cli/train_network.h"
#include "trainer/data/run_context.h"
#include "trainer/data/split.h"
#include "trainer/judge/inference_pass.h"
#include "trainer/learn/frozen_stage.h"
#include "trainer/report/cross_validation_report.h"

namespace cxr {
namespace {

constexpr std::uint64_t kHeadSeeds = 1ULL << 41U;

/// What the folds share. The logits of each image are those of the network that has not seen it.
struct Folds {
  const CrossValidationOptions& options;
  const RunContext& context;
  std::vector<LabelledImage> images;
  std::vector<int> assignment;
  std::vector<PatternLogits> logits;
};

std::string FoldFolder(const CrossValidationOptions& options, int fold) {
  return absl::StrCat(options.train.out, "/fold-", fold + 1);
}

absl::Status RunFold(int fold, Folds& folds) {
  TrainOptions train = folds.options.train;
  train.out = FoldFolder(folds.options, fold);
  if (absl::Status status = PrepareFolder(train); !status.ok()) return status;
  const Split split = HoldOutFold(folds.images, folds.assignment, fold);
  const bool selects = train.early_stop_patience > 0 || train.keep_best;
  const Split used = selects ? SplitByPatient(split.training, train.validation_fraction, train.seed) : split;
  const auto trained = TrainNetwork(train, used, folds.context);
  if (!trained.ok()) return trained.status();
  const auto frozen = FreezeNetwork(trained->network, train);
  if (!frozen.ok()) return frozen.status();
  const auto logits = RunLogits(**frozen, split.validation, absl::StrCat("fold ", fold + 1), folds.context);
  if (!logits.ok()) return logits.status();
  auto next = logits->begin();
  for (std::size_t i = 0; i < folds.images.size(); ++i) {
    if (folds.assignment[i] == fold) folds.logits[i] = *next++;
  }
  return absl::OkStatus();
}

absl::Status RunFrozenFold(int fold, const PooledFeatures& features, TrainableNetwork& network, Folds& folds) {
  TrainOptions train = folds.options.train;
  train.out = FoldFolder(folds.options, fold);
  if (absl::Status status = PrepareFolder(train); !status.ok()) return status;
  std::vector<std::int64_t> chosen;
  for (std::size_t i = 0; i < folds.images.size(); ++i) {
    if (folds.assignment[i] != fold) chosen.push_back(static_cast<std::int64_t>(i));
  }
  const Split split = HoldOutFold(folds.images, folds.assignment, fold);
  const torch::Device device(train.device);
  const Loss loss(ClassWeights(split.training, train.class_balance), train.label_smoothing, device);
  SeedTorch(MixSeeds(train.seed, static_cast<std::uint64_t>(fold), kHeadSeeds));
  network.head = ClassificationHead(network.head->options());
  network.head->to(device);
  Curves curves(train.out + "/curves.csv");
  if (absl::Status status = TrainHead(train, features, chosen, loss, folds.context, network.head, curves); !status.ok())
    return status;
  network.head->eval();
  torch::NoGradGuard no_grad;
  for (std::size_t i = 0; i < folds.images.size(); ++i) {
    if (folds.assignment[i] != fold) continue;
    const auto row = static_cast<std::int64_t>(i);  // of the plain view
    const torch::Tensor logits = network.head->Classify(features.values.slice(0, row, row + 1)).cpu();
    for (std::size_t k = 0; k < kPatternCount; ++k)
      folds.logits[i].at(k) = logits[0][static_cast<std::int64_t>(k)].item<double>();
  }
  return absl::OkStatus();
}

absl::Status RunFrozenFolds(Folds& folds) {
  const TrainOptions& train = folds.options.train;
  SeedTorch(train.seed);
  SetIntraOpThreads(train.threads);
  auto network = BuildNetwork(train);
  if (!network.ok()) return network.status();
  const auto features = ExtractFeatures(train, folds.images, folds.context, *network);
  if (!features.ok()) return features.status();
  for (int fold = 0; fold < folds.options.folds; ++fold) {
    if (absl::Status status = RunFrozenFold(fold, *features, *network, folds); !status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status RunFolds(Folds& folds) {
  if (folds.options.frozen_only) return RunFrozenFolds(folds);
  for (int fold = 0; fold < folds.options.folds; ++fold) {
    std::fprintf(stderr, "fold %d of %d\n", fold + 1, folds.options.folds);
    if (absl::Status status = RunFold(fold, folds); !status.ok()) return status;
  }
  return absl::OkStatus();
}

/// Everything but what is meant for the test.
absl::StatusOr<std::vector<LabelledImage>> ImagesToJudge(const std::string& data) {
  const auto listed = ListImages(data);
  if (!listed.ok()) return listed.status();
  std::vector<LabelledImage> images;
  for (const LabelledImage& image : *listed) {
    if (image.split != SplitName::kTest) images.push_back(image);
  }
  return images;
}

absl::Status CheckFolds(const Folds& folds) {
  for (int fold = 0; fold < folds.options.folds; ++fold) {
    const Split split = HoldOutFold(folds.images, folds.assignment, fold);
    for (const Pattern pattern : kPatterns) {
      const auto has_class = [&](const LabelledImage& image) { return image.label == pattern; };
      if (std::any_of(split.training.begin(), split.training.end(), has_class) &&
          std::any_of(split.validation.begin(), split.validation.end(), has_class))
        continue;
      return absl::InvalidArgumentError(
          absl::StrCat("class ", PatternName(pattern), " has too few patients for ", folds.options.folds, " folds"));
    }
  }
  return absl::OkStatus();
}

/// A fold's checkpoint is kept until the whole cross-validation is finished; without options.train.resume the folds
/// of a finished one begin anew.
absl::Status PrepareFolds(const CrossValidationOptions& options) {
  const std::string marker = CrossValidatedMarker(options.train);
  std::vector<TrainOptions> folds;
  for (int fold = 0; fold < options.folds; ++fold) {
    folds.push_back(options.train);
    folds.back().out = FoldFolder(options, fold);
    if (absl::Status status = RefuseInterruptedRun(folds.back(), marker); !status.ok()) return status;
  }
  if (absl::Status status = RefuseInterruptedRun(options.train, marker); !status.ok()) return status;
  if (absl::Status status = PrepareFolder(options.train); !status.ok()) return status;
  std::error_code error;
  std::filesystem::remove(marker, error);
  for (const TrainOptions& fold : folds) RemoveResults(fold);
  return absl::OkStatus();
}

/// Calibrates each fold on the others, prints and writes what was found out.
absl::Status Conclude(const Folds& folds) {
  const TrainOptions& train = folds.options.train;
  std::vector<Pattern> labels;
  std::vector<std::string> patients;
  for (const LabelledImage& image : folds.images) {
    labels.push_back(image.label);
    patients.push_back(image.patient);
  }
  CrossValidated result;
  result.assignment = folds.assignment;
  result.fitted = CalibrateFolds(folds.logits, labels, folds.assignment, folds.options.folds,
                                 {train.target_sensitivity, train.target_specificity});
  const std::vector<Prediction>& predictions = result.fitted.predictions;
  result.pooled = {ComputeMetrics(predictions), BootstrapMetrics(predictions, patients, {}), {}};
  std::printf("%s", FormatCrossValidationTable(result).c_str());
  if (absl::Status status = WriteCrossValidation(train.out, folds.images, result); !status.ok()) return status;
  return FinishFolder(train.out, CrossValidatedMarker(train), FormatCrossValidationJson(result));
}

}  // namespace

absl::Status CrossValidate(const CrossValidationOptions& options, const StopSignal& stop) {
  CheckDevice(options.train.device);
  const auto reader = ImageReader::Create();
  if (!reader.ok()) return reader.status();
  const RunContext context{**reader, stop, options.train.threads};
  auto images = ImagesToJudge(options.train.data);
  if (!images.ok()) return images.status();
  Folds folds{options, context, *std::move(images), {}, {}};
  folds.assignment = AssignFolds(folds.images, options.folds, options.train.seed);
  folds.logits.resize(folds.images.size());
  if (absl::Status status = CheckFolds(folds); !status.ok()) return status;
  if (absl::Status status = PrepareFolds(options); !status.ok()) return status;
  if (absl::Status status = RunFolds(folds); !status.ok()) return status;
  return Conclude(folds);
}

}  // namespace cxr
