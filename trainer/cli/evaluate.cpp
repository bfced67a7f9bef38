// SPDX-License-Identifier: Apache-2.0
#include "trainer/cli/evaluate.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "service/base/file.h"
#include "service/model/loaded_model.h"
#include "trainer/data/dataset.h"
#include "trainer/data/image_reader.h"
#include "trainer/data/split.h"
#include "trainer/judge/prediction_table.h"
#include "trainer/report/html_report.h"
#include "trainer/report/judgement_text.h"
#include "trainer/report/plots.h"

namespace cxr {
namespace {

std::vector<std::pair<std::string, std::string>> Facts(const ModelInfo& model, const EvaluateOptions& options,
                                                       const std::vector<LabelledImage>& images,
                                                       const std::vector<Prediction>& predictions) {
  std::vector<std::pair<std::string, std::string>> facts = {
      {"Model", absl::StrCat(model.identity.name, " ", model.identity.version)},
      {"SHA-256 of the model", model.identity.sha256},
      {"Made for", model.population.description},
      {"Operating point", absl::StrFormat("pneumonia score of %.4f or more is positive, below %.4f negative",
                                          model.points.positive_from, model.points.indeterminate_from)},
      {"Data", options.data},
      {"Pictures", absl::StrCat(images.size(), " of ", CountPatients(images), " patients (by file name)")}};
  if (model.ood.has_value()) {
    const auto unlike = std::count_if(predictions.begin(), predictions.end(), [&](const Prediction& each) {
      return each.ood_score.has_value() && *each.ood_score > model.ood->refusal;
    });
    facts.emplace_back("Unlike the training images",
                       absl::StrCat(unlike, " images have an out-of-distribution score above ", model.ood->refusal));
  }
  return facts;
}

absl::Status WriteReport(const ModelInfo& model, const EvaluateOptions& options,
                         const std::vector<LabelledImage>& images, const std::vector<Prediction>& predictions,
                         const Judgement& judgement, const ReportExtras& extras) {
  auto plots = DrawJudgementPlots(predictions, judgement.metrics, options.out);
  if (!plots.ok()) return plots.status();
  plots->insert(plots->end(), extras.plots.begin(), extras.plots.end());
  auto facts = extras.facts;
  for (auto& fact : Facts(model, options, images, predictions)) facts.push_back(std::move(fact));
  const std::string title = absl::StrCat("Evaluation of ", model.identity.name, " ", model.identity.version);
  const auto html = FormatHtmlReport(
      {extras.title.empty() ? title : extras.title, std::move(facts), judgement, *std::move(plots), extras.notes});
  if (!html.ok()) return html.status();
  return ReplaceFile(options.out + "/report.html", *html);
}

}  // namespace

absl::StatusOr<Judgement> EvaluateImages(const EvaluateOptions& options, const std::vector<LabelledImage>& images,
                                         const RunContext& context, const ReportExtras& extras) {
  std::error_code error;
  std::filesystem::create_directories(options.out, error);
  if (error) return absl::UnavailableError(absl::StrCat("cannot create ", options.out, ": ", error.message()));
  const auto model = LoadModel(ModelFolder(options.model), options.device);
  if (!model.ok()) return model.status();
  const auto answers = AskModel(*model, images, context);
  if (!answers.ok()) return answers.status();
  const Judgement judgement = JudgeAnswers(*answers, images, options.resamples, options.folds);
  absl::Status status = ReplaceFile(options.out + "/predictions.csv", FormatPredictions(images, answers->predictions));
  status.Update(WriteReport(model->manifest.info, options, images, answers->predictions, judgement, extras));
  status.Update(ReplaceFile(options.out + "/metrics.json", FormatJson(judgement)));
  if (!status.ok()) return status;
  return judgement;
}

absl::Status Evaluate(const EvaluateOptions& options, const StopSignal& stop) {
  const auto images = ListImagesOf(options.data, options.split);
  if (!images.ok()) return images.status();
  const auto reader = ImageReader::Create();
  if (!reader.ok()) return reader.status();
  const auto judgement = EvaluateImages(
      options, *images, {**reader, stop, options.threads},
      {"",
       {},
       {},
       {"These figures hold for images like the ones judged here. If the model was trained or tuned on some of these "
        "patients, they flatter."}});
  if (!judgement.ok()) return judgement.status();
  std::printf("%s", FormatTable(*judgement).c_str());
  return absl::OkStatus();
}

}  // namespace cxr
