// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "service/model/model_classifier.h"
#include "tests/unit/trainer/generated_data.h"
#include "trainer/cli/evaluate.h"
#include "trainer/cli/explain.h"
#include "trainer/cli/fit_ood.h"
#include "trainer/cli/train.h"
#include "trainer/data/guard.h"
#include "trainer/judge/prediction_table.h"

namespace cxr {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

TrainOptions EasyRun(const fs::path& folder) {
  TrainOptions options;
  options.data = (folder / "data").string();
  options.backbone = "none";
  options.out = (folder / "run").string();
  options.image_size = 64;
  options.batch_size = 8;
  options.threads = 1;  // tests run side by side, and waiting threads would spin
  options.frozen_epochs = 0;
  options.fine_tune_epochs = 6;
  options.learning_rate = 2e-3;
  options.average_decay = 0;  // so few steps from random weights leave nothing to average
  options.augmentation = Augmentation::kGeometric;
  options.command = "cxr-train train ...";
  return options;
}

TEST(Training, TellsThreeEasyClassesApartOnImagesItHasNotSeen) {
  const test::TestFolder folder;
  test::DrawThreeClasses(folder.path() / "data", 60, 1);
  test::DrawThreeClasses(folder.path() / "unseen", 30, 2);
  const StopSignal stop;
  const absl::Status trained = Train(EasyRun(folder.path()), stop);
  ASSERT_TRUE(trained.ok()) << trained;
  EvaluateOptions evaluate;
  evaluate.model = (folder.path() / "run/model").string();
  evaluate.data = (folder.path() / "unseen").string();
  evaluate.out = (folder.path() / "judged").string();
  testing::internal::CaptureStdout();
  const absl::Status judged = Evaluate(evaluate, stop);
  const std::string table = testing::internal::GetCapturedStdout();
  ASSERT_TRUE(judged.ok()) << judged;
  const std::size_t at = table.find("accuracy ");
  ASSERT_NE(at, std::string::npos) << table;
  EXPECT_GE(std::stod(table.substr(at + 9)), 0.95) << table;
  EXPECT_THAT(table, HasSubstr("temperature fitted on other patients"));
  const std::string metrics = test::Content(folder.path() / "judged/metrics.json");
  EXPECT_THAT(metrics, HasSubstr("\"count\": 90"));
  EXPECT_THAT(metrics, HasSubstr("\"intervals_95\""));
  EXPECT_THAT(metrics, HasSubstr("\"ece_crossfitted\""));
  EXPECT_THAT(test::Content(folder.path() / "judged/report.html"), HasSubstr("data:image/png;base64,"));
  const std::string predictions = test::Content(folder.path() / "judged/predictions.csv");
  EXPECT_EQ(std::count(predictions.begin(), predictions.end(), '\n'), 91);
  for (const char* file :
       {"config.toml", "split.csv", "curves.csv", "metrics.json", "predictions.csv", "model/MODEL_CARD.md"}) {
    EXPECT_TRUE(fs::exists(folder.path() / "run" / file)) << file;
  }
}

TEST(Explain, DrawsASheetForEveryGroupAndTheOverlaysAskedFor) {
  const test::TestFolder folder;
  test::DrawThreeClasses(folder.path() / "data", 12, 3);
  TrainOptions options = EasyRun(folder.path());
  options.fine_tune_epochs = 1;
  const StopSignal stop;
  ASSERT_TRUE(Train(options, stop).ok());
  ExplainOptions explain;
  explain.model = (folder.path() / "run/model").string();
  explain.data = (folder.path() / "data").string();
  explain.sheets.folder = (folder.path() / "explained").string();
  explain.sheets.overlays = 3;
  const absl::Status status = Explain(explain, stop);
  ASSERT_TRUE(status.ok()) << status;
  const auto files_in = [](const fs::path& path) {
    return std::distance(fs::directory_iterator(path), fs::directory_iterator());
  };
  EXPECT_EQ(files_in(folder.path() / "explained/sheets"), 12);
  for (const char* name : {"BACTERIA", "NORMAL", "VIRUS"})
    EXPECT_EQ(files_in(folder.path() / "explained/overlays" / name), 3) << name;
  const std::string json = test::Content(folder.path() / "explained/explain.json");
  EXPECT_THAT(json, HasSubstr("\"mask_area\": 0.518,"));
  EXPECT_THAT(json, HasSubstr("\"correct_pneumonia\""));
}

TEST(FitOod, GivesTheModelAScoreThatEvaluateWrites) {
  const test::TestFolder folder;
  test::DrawThreeClasses(folder.path() / "data", 12, 3);
  TrainOptions options = EasyRun(folder.path());
  options.fine_tune_epochs = 1;
  const StopSignal stop;
  ASSERT_TRUE(Train(options, stop).ok());
  FitOodOptions fit;
  fit.fit.model = (folder.path() / "run/model").string();
  fit.data = options.data;
  const absl::Status fitted = FitOod(fit, stop);
  ASSERT_TRUE(fitted.ok()) << fitted;
  const auto classifier = LoadClassifier(fit.fit.model, {});
  ASSERT_TRUE(classifier.ok()) << classifier.status();
  ASSERT_TRUE((*classifier)->info().ood.has_value());
  EXPECT_GT((*classifier)->info().ood->warning, 0);
  EXPECT_GE((*classifier)->info().ood->refusal, (*classifier)->info().ood->warning);
  EvaluateOptions evaluate;
  evaluate.model = fit.fit.model;
  evaluate.data = options.data;
  evaluate.out = (folder.path() / "judged").string();
  ASSERT_TRUE(Evaluate(evaluate, stop).ok());
  const std::string predictions = test::Content(folder.path() / "judged/predictions.csv");
  EXPECT_EQ(predictions.find(",\n"), std::string::npos) << "a score is missing:\n" << predictions;
}

TEST(Evaluate, SaysWhatTheServedClassifierSays) {
  const test::TestFolder folder;
  test::DrawThreeClasses(folder.path() / "data", 6, 3);
  TrainOptions options = EasyRun(folder.path());
  options.fine_tune_epochs = 1;
  const StopSignal stop;
  ASSERT_TRUE(Train(options, stop).ok());

  EvaluateOptions evaluate;
  evaluate.model = options.out;  // the run folder, whose model is meant
  evaluate.data = options.data;
  evaluate.out = (folder.path() / "judged").string();
  ASSERT_TRUE(Evaluate(evaluate, stop).ok());
  const auto predictions = ReadPredictions(evaluate.out + "/predictions.csv");
  ASSERT_TRUE(predictions.ok()) << predictions.status();
  const auto classifier = LoadClassifier(evaluate.model, {});
  ASSERT_TRUE(classifier.ok()) << classifier.status();
  const auto reader = ImageReader::Create();
  ASSERT_TRUE(reader.ok()) << reader.status();
  const auto images = ListImages(options.data);
  ASSERT_EQ(predictions->size(), images->size());
  for (const LabelledImage& image : *images) {
    Stopwatch stopwatch;
    const auto served = (*classifier)->Classify(*(*reader)->Read(image.path), stopwatch);
    ASSERT_TRUE(served.ok()) << served.status();
    const Prediction& judged = predictions->at(image.name);
    EXPECT_EQ(judged.predicted, served->decision.finding) << image.name;
    for (std::size_t i = 0; i < kPatternCount; ++i)
      EXPECT_NEAR(judged.probabilities.at(i), served->calibrated.at(i), 1e-6) << image.name;
  }
}

TEST(Training, OfTheFrozenStageAloneShipsALoadableModelToo) {
  const test::TestFolder folder;
  test::DrawThreeClasses(folder.path() / "data", 6, 3);
  TrainOptions options = EasyRun(folder.path());
  options.frozen_epochs = 3;
  options.fine_tune_epochs = 0;
  options.max_pooling = true;
  options.dense = {8};
  const StopSignal stop;
  const absl::Status trained = Train(options, stop);
  ASSERT_TRUE(trained.ok()) << trained;
  const auto classifier = LoadClassifier((folder.path() / "run/model").string(), {});
  EXPECT_TRUE(classifier.ok()) << classifier.status();
}

TEST(Training, GivesTheSameModelForTheSameSeed) {
  const test::TestFolder folder;
  test::DrawThreeClasses(folder.path() / "data", 6, 3);
  TrainOptions options = EasyRun(folder.path());
  options.frozen_epochs = 2;
  options.fine_tune_epochs = 1;
  const StopSignal stop;
  std::vector<std::string> curves;
  for (const char* run : {"first", "second"}) {
    options.out = (folder.path() / run).string();
    options.loaders = curves.empty() ? 1 : 3;
    ASSERT_TRUE(Train(options, stop).ok());
    curves.push_back(test::Content(folder.path() / run / "curves.csv") +
                     test::Content(folder.path() / run / "predictions.csv"));
  }
  EXPECT_EQ(curves[0], curves[1]);
}

TEST(Training, NamesTheImageThatCannotBeRead) {
  const test::TestFolder folder;
  test::DrawThreeClasses(folder.path() / "data", 4, 3);
  const fs::path broken = folder.path() / "data/VIRUS/person9_virus_1.png";
  std::ofstream(broken) << "no image";
  const StopSignal stop;
  TrainOptions options = EasyRun(folder.path());
  options.frozen_epochs = 1;
  EXPECT_THAT(std::string(Train(options, stop).message()), HasSubstr(broken.string()));
}

TEST(Training, NamesTheDeviceThatIsNotThere) {
  const test::TestFolder folder;
  TrainOptions options = EasyRun(folder.path());
  options.device = "cuda:4096";
  const StopSignal stop;
  const absl::Status status = Guarded([&] { return Train(options, stop); });
  EXPECT_THAT(std::string(status.message()), HasSubstr("cuda:4096"));
}

TEST(Training, NamesTheBackboneThatCannotBeUsed) {
  const test::TestFolder folder;
  test::DrawThreeClasses(folder.path() / "data", 4, 3);
  TrainOptions options = EasyRun(folder.path());
  options.backbone = (folder.path() / "weights.safetensors").string();
  const StopSignal stop;
  EXPECT_THAT(std::string(Train(options, stop).message()), HasSubstr("weights.safetensors cannot be read"));
  std::ofstream(options.backbone) << "nonsense, and more than eight bytes of it";
  EXPECT_THAT(std::string(Train(options, stop).message()), HasSubstr("not a valid safetensors file"));
}

}  // namespace
}  // namespace cxr
