// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/optional.h"
#include "service/model/loaded_model.h"
#include "trainer/data/dataset.h"
#include "trainer/data/run_context.h"
#include "trainer/judge/bootstrap.h"
#include "trainer/judge/calibration.h"
#include "trainer/judge/cross_calibration.h"
#include "trainer/judge/metrics.h"

namespace cxr {

/// What was found out about a model on labelled images.
struct Judgement {
  Metrics metrics;
  MetricIntervals intervals;                      ///< none by default
  absl::optional<CrossFittedError> cross_fitted;  ///< calibration with temperatures fitted on other patients
};

/// What a model says of images, in their order.
struct ModelAnswers {
  std::vector<Prediction> predictions;  ///< calibrated, decided, with the out-of-distribution score where there is one
  std::vector<PatternLogits> logits;    ///< of the network, uncalibrated
};

/// Lets a model answer as it is served: the same preprocessing, temperature and decision rule as service/model's
/// classifier, but without its activation maps. Cancelled when a stop is requested. The error names the file that is
/// wrong.
[[nodiscard]] absl::StatusOr<ModelAnswers> AskModel(const LoadedModel& model, const std::vector<LabelledImage>& images,
                                                    const RunContext& context);

/// The figures of answers about `images`, with intervals of `resamples` bootstrap rounds by patient and the calibration
/// error over `folds` of patients.
[[nodiscard]] Judgement JudgeAnswers(const ModelAnswers& answers, const std::vector<LabelledImage>& images,
                                     int resamples, int folds);

}  // namespace cxr
