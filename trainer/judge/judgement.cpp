// SPDX-License-Identifier: Apache-2.0
#include "trainer/judge/judgement.h"

#include <algorithm>
#include <string>

#include "service/core/classification.h"
#include "trainer/judge/inference_pass.h"

namespace cxr {

absl::StatusOr<ModelAnswers> AskModel(const LoadedModel& model, const std::vector<LabelledImage>& images,
                                      const RunContext& context) {
  ModelAnswers answers;
  answers.predictions.resize(images.size());
  answers.logits.resize(images.size());
  const InputSize size{model.manifest.rows, model.manifest.columns};
  const absl::Status status = RunFeatures(
      *model.network, images.size(), "evaluate", context,
      [&](std::size_t index) { return LoadInput(context.reader, images[index], size); },
      [&](std::size_t index, const FeatureBatch& features) {
        const HeadPass pass = model.network->Head(features);
        const std::vector<double>& logits = pass.logits()[0];
        std::copy_n(logits.begin(), kPatternCount, answers.logits[index].begin());
        Prediction& prediction = answers.predictions[index];
        prediction.label = images[index].label;
        prediction.probabilities = Softmax(logits, model.manifest.temperature);
        prediction.predicted = PatternAt(prediction.probabilities, model.manifest.sensitivity_operating_point);
        prediction.conclusion = Decide(prediction.probabilities, model.manifest.info.points).conclusion;
        if (model.outliers.has_value()) prediction.ood_score = model.outliers->Score(features.Pooled(0));
      });
  if (!status.ok()) return status;
  return answers;
}

Judgement JudgeAnswers(const ModelAnswers& answers, const std::vector<LabelledImage>& images, int resamples,
                       int folds) {
  std::vector<Pattern> labels;
  std::vector<std::string> patients;
  for (const LabelledImage& image : images) {
    labels.push_back(image.label);
    patients.push_back(image.patient);
  }
  BootstrapOptions bootstrap;
  bootstrap.resamples = resamples;
  return {ComputeMetrics(answers.predictions), BootstrapMetrics(answers.predictions, patients, bootstrap),
          CrossFittedCalibrationError(answers.logits, labels, patients, folds, bootstrap)};
}

}  // namespace cxr
