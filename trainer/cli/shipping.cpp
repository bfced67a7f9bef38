// SPDX-License-Identifier: Apache-2.0
#include "trainer/cli/shipping.h"

#include <cstdio>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "service/model/read_file.h"
#include "trainer/cli/evaluate.h"
#include "trainer/cli/training_run.h"
#include "trainer/judge/inference_pass.h"
#include "trainer/judge/outlier_fit.h"
#include "trainer/report/model_package.h"

namespace cxr {
namespace {

constexpr std::uint64_t kMaxText = 64U << 20U;

std::string Count(const std::vector<Sample>& samples) {
  return absl::StrCat(samples.size(), " pictures of ", CountPatients(samples), " patients");
}

/// Shifts the logits of VIRUS, in the head too.
void ShiftVirus(double shift, const TrainableNetwork& network, std::vector<PatternLogits>& logits) {
  torch::NoGradGuard no_grad;
  const torch::nn::Linear last = network.head->layers().back();
  last->bias[static_cast<int>(Pattern::kVirus)] += shift;
  for (PatternLogits& each : logits) each[static_cast<std::size_t>(Pattern::kVirus)] += shift;
  std::fprintf(stderr, "logit of VIRUS shifted by %.3f: BACTERIA and VIRUS are recalled alike\n", shift);
}

/// Temperature and operating point by the validation patients; with options.balance_recall the head's bias before that.
absl::StatusOr<ModelFigures> Calibrate(const TrainOptions& options, const Split& split, const RunContext& context,
                                       const TrainableNetwork& network) {
  const auto frozen = FreezeNetwork(network, options);
  if (!frozen.ok()) return frozen.status();
  auto logits = RunLogits(**frozen, split.validation, "calibration", context);
  if (!logits.ok()) return logits.status();
  std::vector<Pattern> labels;
  for (const Sample& sample : split.validation) labels.push_back(sample.label);
  if (options.balance_recall) ShiftVirus(BalanceVirusLogit(*logits, labels), network, *logits);
  const Calibration fitted = FitCalibration(*logits, labels, options.target_sensitivity);
  ModelFigures figures;
  figures.temperature = fitted.temperature;
  figures.operating_point = fitted.operating_point;
  figures.training_pictures = split.training.size();
  figures.training_patients = CountPatients(split.training);
  figures.validation_patients = CountPatients(split.validation);
  figures.test_patients = CountPatients(split.test);
  return figures;
}

/// The training run as a report tells it.
absl::StatusOr<ReportFrame> Frame(const TrainOptions& options, const Split& split) {
  ReportFrame frame;
  frame.title = absl::StrCat("Training run of ", options.name, " ", options.version);
  frame.facts = {{"Trained on", Count(split.training)},
                 {"Calibrated on", Count(split.validation) + ", none of whom is in training"},
                 {"Seed", absl::StrCat(options.seed)},
                 {"Command", options.command}};
  const auto curves = ReadFile(options.out + "/curves.csv", kMaxText);
  if (absl::IsNotFound(curves.status())) return frame;  // an export
  if (!curves.ok()) return curves.status();
  const auto plots = DrawTrainingCurves(*curves, options.out);
  if (!plots.ok()) return plots.status();
  frame.plots = *plots;
  const std::string samples = options.out + "/samples.png";
  if (ReadFile(samples, kMaxText).ok())
    frame.plots.push_back(
        {samples, "Pictures in training", "Of each class: as they are, and as augmentation shows them"});
  return frame;
}

absl::StatusOr<Judgement> JudgeValidation(const TrainOptions& options, const Split& split, const RunContext& context,
                                          EvaluateOptions evaluation) {
  auto frame = Frame(options, split);
  if (!frame.ok()) return frame.status();
  frame->notes = {
      "These figures flatter: the same patients chose the temperature and the operating point, and they come from the "
      "same hospital as those of the training. The calibration error with the temperature fitted on other patients "
      "does not."};
  evaluation.out = options.out;
  evaluation.data = options.data;
  return EvaluateSamples(evaluation, split.validation, context, *frame);
}

absl::StatusOr<Judgement> JudgeTest(const TrainOptions& options, const Split& split, const RunContext& context,
                                    EvaluateOptions evaluation) {
  auto frame = Frame(options, split);
  if (!frame.ok()) return frame.status();
  frame->notes = {
      "None of these patients had a part in training or calibration. They come from the same hospital, though: expect "
      "less elsewhere."};
  evaluation.out = options.out + "/test";
  evaluation.data = options.data;
  return EvaluateSamples(evaluation, split.test, context, *frame);
}

}  // namespace

absl::StatusOr<Split> MakeSplit(const TrainOptions& options) {
  const auto samples = ListSamples(options.data);
  if (!samples.ok()) return samples.status();
  Split split = SplitAsStated(*samples, options.validation_fraction, options.seed);
  if (split.training.empty() || split.validation.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat(options.data, " has too few patients to hold some out for validation"));
  }
  std::fprintf(stderr, "%s for training, %s for validation, %s for test\n", Count(split.training).c_str(),
               Count(split.validation).c_str(), Count(split.test).c_str());
  return split;
}

absl::Status Ship(const TrainOptions& options, const Split& split, const RunContext& context,
                  const TrainableNetwork& network, const std::string& model_folder) {
  const auto figures = Calibrate(options, split, context, network);
  if (!figures.ok()) return figures.status();
  if (absl::Status status = WriteModel(options, network, *figures, model_folder); !status.ok()) return status;
  OutlierFitOptions outliers;
  outliers.model = model_folder;
  outliers.device = options.device;
  if (absl::Status status = FitOutlierScore(outliers, split, context); !status.ok()) return status;
  EvaluateOptions evaluation;
  evaluation.model = model_folder;
  evaluation.threads = options.threads;
  evaluation.device = options.device;
  CardFigures judged;
  const auto validation = JudgeValidation(options, split, context, evaluation);
  if (!validation.ok()) return validation.status();
  judged.validation = *validation;
  std::printf("validation patients\n%s", FormatTable(judged.validation).c_str());
  if (!split.test.empty()) {
    const auto test = JudgeTest(options, split, context, evaluation);
    if (!test.ok()) return test.status();
    judged.test = *test;
    std::printf("\ntest patients\n%s", FormatTable(*test).c_str());
  }
  std::printf("\ntemperature %.4f   operating point %.4f\n", figures->temperature, figures->operating_point);
  return WriteCard(options, *figures, judged, model_folder);
}

}  // namespace cxr
