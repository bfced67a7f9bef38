// SPDX-License-Identifier: Apache-2.0
#include "trainer/evaluate.h"

#include <cstdio>
#include <filesystem>
#include <vector>

#include "absl/strings/str_cat.h"
#include "service/model/model_classifier.h"
#include "trainer/dataset.h"
#include "trainer/metrics.h"
#include "trainer/parallel.h"
#include "trainer/picture_reader.h"
#include "trainer/progress.h"
#include "trainer/report.h"

namespace cxr {
namespace {

absl::StatusOr<Prediction> Judge(const Classifier& classifier, const PictureReader& pictures, const Sample& sample) {
  const auto image = pictures.Read(sample.path);
  if (!image.ok()) return image.status();
  Stopwatch stopwatch;
  const auto result = classifier.Classify(*image, stopwatch);
  if (!result.ok())
    return absl::Status(result.status().code(), absl::StrCat(sample.path, ": ", result.status().message()));
  return Prediction{sample.label, result->calibrated, result->decision.finding};
}

}  // namespace

absl::Status Evaluate(const EvaluateOptions& options, const StopSignal& stop) {
  const auto samples = ListSamples(options.data);
  if (!samples.ok()) return samples.status();
  std::error_code error;
  std::filesystem::create_directories(options.out, error);
  if (error) return absl::UnavailableError(absl::StrCat("cannot create ", options.out, ": ", error.message()));
  const auto pictures = PictureReader::Create();
  if (!pictures.ok()) return pictures.status();
  const auto classifier = LoadClassifier(options.model, {options.device});
  if (!classifier.ok()) return classifier.status();
  std::vector<Prediction> predictions(samples->size());
  {
    Progress progress("evaluate", samples->size());
    const absl::Status status = ParallelFor(samples->size(), options.threads, [&](std::size_t index) -> absl::Status {
      if (stop.Requested()) return absl::CancelledError("stopped by a signal");
      const auto prediction = Judge(**classifier, **pictures, (*samples)[index]);
      if (!prediction.ok()) return prediction.status();
      predictions[index] = *prediction;
      progress.Add(1);
      return absl::OkStatus();
    });
    if (!status.ok()) return status;
  }
  const Metrics metrics = ComputeMetrics(predictions);
  std::printf("%s", FormatTable(metrics).c_str());
  absl::Status status = WriteFile(options.out + "/predictions.csv", FormatPredictions(*samples, predictions));
  status.Update(WriteFile(options.out + "/metrics.json", FormatJson(metrics)));
  return status;
}

}  // namespace cxr
