// SPDX-License-Identifier: Apache-2.0
#include "trainer/cli/judged_model.h"

#include <cstdio>
#include <utility>

#include "absl/strings/str_cat.h"
#include "service/base/file.h"
#include "trainer/cli/evaluate.h"
#include "trainer/cli/run_folder.h"
#include "trainer/judge/outlier_fit.h"
#include "trainer/learn/model_package.h"
#include "trainer/report/judgement_text.h"
#include "trainer/report/model_card.h"

namespace cxr {
namespace {

constexpr std::uint64_t kMaxTable = 1U << 20U;

constexpr char kValidationNote[] =
    "These figures flatter: the same patients chose the temperature and the operating point, and they come from the "
    "same hospital as those of the training. The calibration error with the temperature fitted on other patients does "
    "not.";
constexpr char kTestNote[] =
    "None of these patients had a part in training or calibration. They come from the same hospital, though: expect "
    "less elsewhere.";

/// What reports say of the training run.
absl::StatusOr<ReportExtras> DescribeTraining(const TrainOptions& options, const Split& split, const Curves* curves) {
  ReportExtras extras;
  extras.title = absl::StrCat("Training run of ", options.name, " ", options.version);
  extras.facts = {{"Trained on", DescribeCount(split.training)},
                  {"Calibrated on", DescribeCount(split.validation) + ", none of whom is in training"},
                  {"Seed", absl::StrCat(options.seed)},
                  {"Command", options.command}};
  if (curves == nullptr) return extras;
  auto plots = DrawTrainingCurves(curves->All(), options.out);
  if (!plots.ok()) return plots.status();
  extras.plots = *std::move(plots);
  extras.plots.push_back({options.out + "/samples.png", "Images in training",
                          "Of each class: as they are, and as augmentation shows them"});
  return extras;
}

absl::StatusOr<CardFigures> JudgeModel(const TrainOptions& options, const Split& split, const RunContext& context,
                                       const Curves* curves, const std::string& model_folder) {
  auto extras = DescribeTraining(options, split, curves);
  if (!extras.ok()) return extras.status();
  EvaluateOptions evaluation;
  evaluation.model = model_folder;
  evaluation.data = options.data;
  evaluation.threads = options.threads;
  evaluation.device = options.device;
  evaluation.out = options.out;
  extras->notes = {kValidationNote};
  const auto validation = EvaluateImages(evaluation, split.validation, context, *extras);
  if (!validation.ok()) return validation.status();
  std::printf("validation patients\n%s", FormatTable(*validation).c_str());
  CardFigures judged{*validation, {}};
  if (split.test.empty()) return judged;
  evaluation.out = options.out + "/test";
  extras->notes = {kTestNote};
  const auto test = EvaluateImages(evaluation, split.test, context, *extras);
  if (!test.ok()) return test.status();
  std::printf("\ntest patients\n%s", FormatTable(*test).c_str());
  judged.test = *test;
  return judged;
}

/// The table of a cross-validation for the card, where one is named.
absl::StatusOr<std::string> ReadCrossValidation(const TrainOptions& options) {
  if (options.cross_validation.empty()) return std::string();
  return ReadFile(options.cross_validation, kMaxTable);
}

}  // namespace

absl::Status WriteJudgedModel(const TrainOptions& options, const Split& split, const RunContext& context,
                              const TrainableNetwork& network, const Curves* curves, const std::string& model_folder) {
  const auto cross_validation = ReadCrossValidation(options);
  if (!cross_validation.ok()) return cross_validation.status();
  const auto figures = CalibrateNetwork(options, split, context, network);
  if (!figures.ok()) return figures.status();
  const auto sha256 = WriteModel(options, network, *figures, model_folder);
  if (!sha256.ok()) return sha256.status();
  OutlierFitOptions outliers;
  outliers.model = model_folder;
  outliers.device = options.device;
  if (absl::Status status = FitOutlierScore(outliers, split, context); !status.ok()) return status;
  const auto judged = JudgeModel(options, split, context, curves, model_folder);
  if (!judged.ok()) return judged.status();
  std::printf("\ntemperature %.4f   operating point %.4f   of specificity %.4f\n", figures->temperature,
              figures->operating_point, figures->specificity_operating_point);
  return FinishFolder(options.out, absl::StrCat(model_folder, "/MODEL_CARD.md"),
                      FormatModelCard(options, *figures, *judged, *sha256, *cross_validation));
}

}  // namespace cxr
