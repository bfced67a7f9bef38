// SPDX-License-Identifier: Apache-2.0
#include "trainer/cli/cross_validate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "tests/unit/trainer/generated_data.h"

namespace cxr {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

CrossValidationOptions SmallRun(const fs::path& folder) {
  CrossValidationOptions options;
  options.train.data = (folder / "data").string();
  options.train.backbone = "none";
  options.train.out = (folder / "folds").string();
  options.train.image_size = 32;
  options.train.batch_size = 4;
  options.train.threads = 1;
  options.train.frozen_epochs = 2;
  options.train.fine_tune_epochs = 1;
  options.folds = 3;
  return options;
}

/// The run's outcome without its table on stdout.
absl::Status Quietly(const CrossValidationOptions& options, std::string& table) {
  const StopSignal stop;
  testing::internal::CaptureStdout();
  absl::Status status = CrossValidate(options, stop);
  table = testing::internal::GetCapturedStdout();
  return status;
}

void ExpectEveryImageOnce(const fs::path& folder, long images) {
  for (const char* file : {"predictions.csv", "folds.csv"}) {
    const std::string text = test::Content(folder / file);
    EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), images + 1) << file;
  }
  const std::string metrics = test::Content(folder / "metrics.json");
  EXPECT_THAT(metrics, HasSubstr("\"pooled\""));
  EXPECT_THAT(metrics, HasSubstr("\"fold\": 3"));
}

TEST(CrossValidation, JudgesEveryImageOnceOnFrozenFeatures) {
  const test::TestFolder folder;
  test::DrawThreeClasses(folder.path() / "data", 6, 3);
  CrossValidationOptions options = SmallRun(folder.path());
  options.frozen_only = true;
  std::string table;
  const absl::Status status = Quietly(options, table);
  ASSERT_TRUE(status.ok()) << status;
  ExpectEveryImageOnce(options.train.out, 18);
  EXPECT_THAT(table, HasSubstr("deviation"));
  const std::string first = test::Content(folder.path() / "folds/predictions.csv");
  ASSERT_TRUE(Quietly(options, table).ok());
  EXPECT_EQ(first, test::Content(folder.path() / "folds/predictions.csv")) << "follows from the seed";
}

TEST(CrossValidation, OfTheWholeRecipeGoesOnWhereItStood) {
  const test::TestFolder folder;
  test::DrawThreeClasses(folder.path() / "data", 6, 3);
  CrossValidationOptions options = SmallRun(folder.path());
  options.train.keep_best = true;
  std::string table;
  const absl::Status status = Quietly(options, table);
  ASSERT_TRUE(status.ok()) << status;
  ExpectEveryImageOnce(options.train.out, 18);
  const std::string first = test::Content(folder.path() / "folds/predictions.csv");
  fs::remove_all(folder.path() / "folds/fold-2");
  options.train.resume = true;
  const absl::Status resumed = Quietly(options, table);
  ASSERT_TRUE(resumed.ok()) << resumed;
  EXPECT_EQ(first, test::Content(folder.path() / "folds/predictions.csv"));
}

TEST(CrossValidation, SelectsOnOtherPatientsThanItJudges) {
  const test::TestFolder folder;
  test::DrawThreeClasses(folder.path() / "data", 6, 3);
  CrossValidationOptions options = SmallRun(folder.path());
  options.train.early_stop_patience = 1;
  std::string table;
  ASSERT_TRUE(Quietly(options, table).ok());
  std::istringstream folds(test::Content(folder.path() / "folds/folds.csv"));
  const std::string used = test::Content(folder.path() / "folds/fold-1/split.csv");
  int judged = 0;
  for (std::string line; std::getline(folds, line);) {
    if (line.substr(line.size() - 2) != ",1") continue;
    ++judged;
    EXPECT_THAT(used, testing::Not(HasSubstr(line.substr(0, line.find(','))))) << "neither trains nor selects";
  }
  EXPECT_EQ(judged, 6);
}

TEST(CrossValidation, KeepsTheCheckpointsOfItsFoldsUntilItIsFinished) {
  const test::TestFolder folder;
  test::DrawThreeClasses(folder.path() / "data", 6, 3);
  CrossValidationOptions options = SmallRun(folder.path());
  options.train.frozen_epochs = 0;
  std::string table;
  ASSERT_TRUE(Quietly(options, table).ok());
  EXPECT_TRUE(Quietly(options, table).ok()) << "a finished one begins anew";
  // Killed when the metrics of the folds were written, but not its own.
  fs::remove(folder.path() / "folds/metrics.json");
  ASSERT_TRUE(fs::exists(folder.path() / "folds/fold-1/metrics.json"));
  const absl::Status refused = Quietly(options, table);
  EXPECT_TRUE(absl::IsAlreadyExists(refused)) << refused;
  EXPECT_TRUE(fs::exists(folder.path() / "folds/fold-1/checkpoint.pt"));
  options.train.resume = true;
  const absl::Status resumed = Quietly(options, table);
  EXPECT_TRUE(resumed.ok()) << resumed;
  EXPECT_TRUE(fs::exists(folder.path() / "folds/metrics.json"));
}

TEST(CrossValidation, NamesTheClassWithTooFewPatients) {
  const test::TestFolder folder;
  test::DrawThreeClasses(folder.path() / "data", 2, 3);
  std::string table;
  EXPECT_THAT(std::string(Quietly(SmallRun(folder.path()), table).message()),
              HasSubstr("class BACTERIA has too few patients for 3 folds"));
}

}  // namespace
}  // namespace cxr
