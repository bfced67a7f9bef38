// SPDX-License-Identifier: Apache-2.0
#include "trainer/cli/evaluate.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "service/model/model_classifier.h"
#include "trainer/data/atomic_file.h"
#include "trainer/data/dataset.h"
#include "trainer/data/picture_reader.h"
#include "trainer/data/progress.h"
#include "trainer/judge/metrics.h"
#include "trainer/judge/parallel.h"
#include "trainer/report/html_report.h"
#include "trainer/report/plots.h"
#include "trainer/report/report.h"

namespace cxr {
namespace {

constexpr double kSmallest = 1e-300;

struct Judged {
  Prediction prediction;
  PatternLogits logits{};
};

absl::StatusOr<Judged> Judge(const Classifier& classifier, const PictureReader& pictures, const Sample& sample) {
  const auto image = pictures.Read(sample.path);
  if (!image.ok()) return image.status();
  Stopwatch stopwatch;
  const auto result = classifier.Classify(*image, stopwatch);
  if (!result.ok())
    return absl::Status(result.status().code(), absl::StrCat(sample.path, ": ", result.status().message()));
  PatternLogits logits{};  // up to a constant, which changes nothing
  for (std::size_t i = 0; i < kPatternCount; ++i) logits[i] = std::log(std::max(result->raw[i], kSmallest));
  return Judged{{sample.label, result->calibrated, result->decision.finding, result->ood_score}, logits};
}

Judgement Summarise(const std::vector<Prediction>& predictions, const std::vector<PatternLogits>& logits,
                    const std::vector<Sample>& samples, const EvaluateOptions& options) {
  std::vector<Pattern> labels;
  std::vector<std::string> patients;
  for (const Sample& sample : samples) {
    labels.push_back(sample.label);
    patients.push_back(sample.patient);
  }
  const BootstrapOptions bootstrap{options.resamples, 1};
  return {ComputeMetrics(predictions), BootstrapMetrics(predictions, patients, bootstrap),
          CrossFitCalibration(logits, labels, patients, options.folds, bootstrap)};
}

std::vector<std::pair<std::string, std::string>> Facts(const ModelInfo& model, const EvaluateOptions& options,
                                                       const std::vector<Sample>& samples,
                                                       const std::vector<Prediction>& predictions) {
  std::set<std::string> patients;
  for (const Sample& sample : samples) patients.insert(sample.patient);
  std::vector<std::pair<std::string, std::string>> facts = {
      {"Model", absl::StrCat(model.identity.name, " ", model.identity.version)},
      {"SHA-256 of the model", model.identity.sha256},
      {"Made for", model.population.description},
      {"Operating point", absl::StrFormat("pneumonia score of %.4f or more is positive", model.operating_point)},
      {"Data", options.data},
      {"Pictures", absl::StrCat(samples.size(), " of ", patients.size(), " patients (by file name)")}};
  if (model.ood_threshold.has_value()) {
    const auto unlike = std::count_if(predictions.begin(), predictions.end(), [&](const Prediction& each) {
      return each.ood_score.has_value() && *each.ood_score > *model.ood_threshold;
    });
    facts.emplace_back(
        "Unlike the training pictures",
        absl::StrCat(unlike, " pictures have an out-of-distribution score above ", *model.ood_threshold));
  }
  return facts;
}

absl::Status WriteReport(const ModelInfo& model, const EvaluateOptions& options, const std::vector<Sample>& samples,
                         const std::vector<Prediction>& predictions, const Judgement& judgement,
                         const ReportFrame& frame) {
  auto plots = DrawJudgementPlots(predictions, judgement.metrics, options.out);
  if (!plots.ok()) return plots.status();
  plots->insert(plots->end(), frame.plots.begin(), frame.plots.end());
  auto facts = frame.facts;
  for (auto& fact : Facts(model, options, samples, predictions)) facts.push_back(std::move(fact));
  const std::string title = absl::StrCat("Evaluation of ", model.identity.name, " ", model.identity.version);
  const auto html = FormatHtmlReport(
      {frame.title.empty() ? title : frame.title, std::move(facts), judgement, *std::move(plots), frame.notes});
  if (!html.ok()) return html.status();
  return WriteFile(options.out + "/report.html", *html);
}

/// The predictions and logits of every sample, in order.
struct AllJudged {
  std::vector<Prediction> predictions;
  std::vector<PatternLogits> logits;
};

absl::StatusOr<AllJudged> JudgeAll(const Classifier& classifier, const std::vector<Sample>& samples,
                                   const EvaluateOptions& options, const RunContext& context) {
  AllJudged all;
  all.predictions.resize(samples.size());
  all.logits.resize(samples.size());
  Progress progress("evaluate", samples.size());
  const absl::Status status = ParallelFor(samples.size(), options.threads, [&](std::size_t index) -> absl::Status {
    if (context.stop.Requested()) return absl::CancelledError("stopped by a signal");
    const auto judged = Judge(classifier, context.pictures, samples[index]);
    if (!judged.ok()) return judged.status();
    all.predictions[index] = judged->prediction;
    all.logits[index] = judged->logits;
    progress.Add(1);
    return absl::OkStatus();
  });
  if (!status.ok()) return status;
  return all;
}

}  // namespace

absl::StatusOr<Judgement> EvaluateSamples(const EvaluateOptions& options, const std::vector<Sample>& samples,
                                          const RunContext& context, const ReportFrame& frame) {
  std::error_code error;
  std::filesystem::create_directories(options.out, error);
  if (error) return absl::UnavailableError(absl::StrCat("cannot create ", options.out, ": ", error.message()));
  const auto classifier = LoadClassifier(options.model, {options.device});
  if (!classifier.ok()) return classifier.status();
  const auto all = JudgeAll(**classifier, samples, options, context);
  if (!all.ok()) return all.status();
  const Judgement judgement = Summarise(all->predictions, all->logits, samples, options);
  absl::Status status = WriteFile(options.out + "/predictions.csv", FormatPredictions(samples, all->predictions));
  status.Update(WriteReport((*classifier)->info(), options, samples, all->predictions, judgement, frame));
  status.Update(WriteFile(options.out + "/metrics.json", FormatJson(judgement)));
  if (!status.ok()) return status;
  return judgement;
}

absl::Status Evaluate(const EvaluateOptions& options, const StopSignal& stop) {
  const auto samples = ListSamplesOf(options.data, options.split);
  if (!samples.ok()) return samples.status();
  const auto pictures = PictureReader::Create();
  if (!pictures.ok()) return pictures.status();
  const auto judgement = EvaluateSamples(
      options, *samples, {**pictures, stop, options.threads},
      {"",
       {},
       {},
       {"These figures hold for pictures like the ones judged here. If the model was trained or tuned on some of these "
        "patients, they flatter."}});
  if (!judgement.ok()) return judgement.status();
  std::printf("%s", FormatTable(*judgement).c_str());
  return absl::OkStatus();
}

}  // namespace cxr
