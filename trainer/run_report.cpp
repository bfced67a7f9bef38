// SPDX-License-Identifier: Apache-2.0
#include "trainer/run_report.h"

#include <set>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "service/model/read_file.h"
#include "trainer/html_report.h"
#include "trainer/plots.h"
#include "trainer/report.h"

namespace cxr {
namespace {

constexpr int kFolds = 5;
constexpr std::uint64_t kMaxCurves = 64U << 20U;

std::string Count(const std::vector<Sample>& samples) {
  std::set<std::string> patients;
  for (const Sample& sample : samples) patients.insert(sample.patient);
  return absl::StrCat(samples.size(), " pictures of ", patients.size(), " patients");
}

}  // namespace

Judgement JudgeValidation(const Split& split, const std::vector<Prediction>& predictions,
                          const std::vector<PatternLogits>& logits, std::uint64_t seed) {
  std::vector<Pattern> labels;
  std::vector<std::string> patients;
  for (const Sample& sample : split.validation) {
    labels.push_back(sample.label);
    patients.push_back(sample.patient);
  }
  BootstrapOptions bootstrap;
  bootstrap.seed = seed;
  return {ComputeMetrics(predictions), BootstrapMetrics(predictions, patients, bootstrap),
          CrossFitCalibration(logits, labels, patients, kFolds, bootstrap)};
}

absl::Status WriteRunReport(const TrainOptions& options, const Split& split, const std::vector<Prediction>& predictions,
                            const Judgement& judgement) {
  if (absl::Status status = WriteFile(options.out + "/metrics.json", FormatJson(judgement)); !status.ok())
    return status;
  auto plots = DrawJudgementPlots(predictions, judgement.metrics, options.out);
  if (!plots.ok()) return plots.status();
  if (const auto csv = ReadFile(options.out + "/curves.csv", kMaxCurves); csv.ok()) {
    const auto curves = DrawTrainingCurves(*csv, options.out);
    if (!curves.ok()) return curves.status();
    plots->insert(plots->end(), curves->begin(), curves->end());
  } else if (!absl::IsNotFound(csv.status())) {
    return csv.status();
  }
  const auto html = FormatHtmlReport(
      {absl::StrCat("Training run of ", options.name, " ", options.version),
       {{"Trained on", Count(split.training)},
        {"Judged on", Count(split.validation) + ", none of whom is in training"},
        {"Made for", options.population},
        {"Seed", absl::StrCat(options.seed)},
        {"Command", options.command}},
       judgement,
       *std::move(plots),
       {"These figures flatter: the same patients chose the temperature and the operating point, and they come from "
        "the same hospital as those of the training. The calibration error with the temperature fitted on other "
        "patients "
        "does not."}});
  if (!html.ok()) return html.status();
  return WriteFile(options.out + "/report.html", *html);
}

}  // namespace cxr
