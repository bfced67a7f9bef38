// SPDX-License-Identifier: Apache-2.0
#include "trainer/shipping.h"

#include <cstdio>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "service/core/classification.h"
#include "trainer/inference_pass.h"
#include "trainer/model_package.h"
#include "trainer/outlier_fit.h"
#include "trainer/report.h"
#include "trainer/run_report.h"
#include "trainer/training_run.h"

namespace cxr {
namespace {

/// The validation patients, judged.
struct Judged {
  ModelFigures figures;
  std::vector<Prediction> predictions;
  std::vector<PatternLogits> logits;
};

/// Calibrates on the validation patients and judges there.
absl::StatusOr<Judged> Judge(const TrainOptions& options, const Split& split, const RunContext& context,
                             const TrainableNetwork& network) {
  const auto frozen = FreezeNetwork(network, options);
  if (!frozen.ok()) return frozen.status();
  auto logits = RunLogits(**frozen, split.validation, "calibration", context);
  if (!logits.ok()) return logits.status();
  std::vector<Pattern> labels;
  for (const Sample& sample : split.validation) labels.push_back(sample.label);
  ModelFigures figures;
  const Calibration fitted = FitCalibration(*logits, labels, options.target_sensitivity);
  figures.temperature = fitted.temperature;
  figures.operating_point = fitted.operating_point;
  std::vector<Prediction> predictions;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const PatternProbabilities probabilities = SoftmaxAt((*logits)[i], fitted.temperature);
    predictions.push_back({labels[i], probabilities, Decide(probabilities, fitted.operating_point).finding});
  }
  figures.training_pictures = split.training.size();
  figures.training_patients = CountPatients(split.training);
  figures.validation_patients = CountPatients(split.validation);
  return Judged{figures, std::move(predictions), *std::move(logits)};
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
  std::fprintf(stderr, "%zu pictures of %zu patients for training, %zu of %zu for validation\n", split.training.size(),
               CountPatients(split.training), split.validation.size(), CountPatients(split.validation));
  return split;
}

absl::Status Ship(const TrainOptions& options, const Split& split, const RunContext& context,
                  const TrainableNetwork& network, const std::string& model_folder) {
  auto judged = Judge(options, split, context, network);
  if (!judged.ok()) return judged.status();
  const Judgement judgement = JudgeValidation(split, judged->predictions, judged->logits, options.seed);
  std::printf("%s\ntemperature %.4f   operating point %.4f\n", FormatTable(judgement).c_str(),
              judged->figures.temperature, judged->figures.operating_point);
  if (absl::Status status = WriteModel(options, network, judged->figures, judgement, model_folder); !status.ok())
    return status;
  const auto scores = FitOutlierScore({model_folder, options.device}, split, context);
  if (!scores.ok()) return scores.status();
  for (std::size_t i = 0; i < scores->size(); ++i) judged->predictions[i].ood_score = (*scores)[i];
  const std::string predictions = FormatPredictions(split.validation, judged->predictions);
  if (absl::Status status = WriteFile(options.out + "/predictions.csv", predictions); !status.ok()) return status;
  return WriteRunReport(options, split, judged->predictions, judgement);
}

}  // namespace cxr
