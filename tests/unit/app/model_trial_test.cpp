// SPDX-License-Identifier: Apache-2.0
#include "service/app/model_trial.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "tests/support/brightness_model.h"

namespace cxr::test {
namespace {

using ::testing::HasSubstr;

/// Multiplies matrices of 3584 rows for a minute or more; every operator is a known one.
constexpr char kSlowFeatures[] =
    "def features(self, x):\n"
    "  a = torch.matmul(x, torch.transpose(x, 2, 3))\n"
    "  a = torch.cat([a, a, a, a], 2)\n"
    "  a = torch.cat([a, a, a, a], 2)\n"
    "  a = torch.cat([a, a, a, a], 3)\n"
    "  a = torch.cat([a, a, a, a], 3)\n";

class ModelTrialTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::path(::testing::TempDir()) / ("model_trial_test_" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder_);
    config_.model_dir = folder_.string();
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  void WriteSlowModel() const {
    std::string features = kSlowFeatures;
    for (int i = 0; i < 50; ++i) features += "  a = torch.tanh(torch.matmul(a, a))\n";
    WriteScriptModel(features + "  return a[:, :, 0:14, 0:14]\ndef head(self, f):\n  return torch.mean(f, [2, 3])\n",
                     config_.model_dir);
  }

  static std::string Service() {
    const char* binary_dir = std::getenv("CXR_BINARY_DIR");  // set by ctest
    return std::string(binary_dir == nullptr ? "." : binary_dir) + "/bin/cxr-service";
  }

  /// A program that ends as a child of the trial may.
  std::string Script(const std::string& line) const {
    const std::filesystem::path script = folder_ / "script";
    std::ofstream(script) << "#!/bin/sh\n" << line << '\n';
    std::filesystem::permissions(script, std::filesystem::perms::owner_all);
    return script.string();
  }

  std::filesystem::path folder_;
  ServiceConfig config_;
};

TEST_F(ModelTrialTest, AModelThatIsNotReadyInTimeIsRefusedAndItsProcessEnded) {
  WriteSlowModel();
  TrialLimits limits;
  limits.wall_time = std::chrono::seconds(2);
  const absl::Status status = TryModel(Service(), config_, {}, limits);
  EXPECT_TRUE(absl::IsInvalidArgument(status)) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("was not loaded and warmed within 2 s"));
}

TEST_F(ModelTrialTest, TheProcessorTimeOfAModelIsLimited) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  WriteSlowModel();
  TrialLimits limits;
  limits.processor_time = std::chrono::seconds(3);
  EXPECT_EXIT(static_cast<void>(CheckModel(config_, limits)), ::testing::KilledBySignal(SIGXCPU), "");
}

TEST_F(ModelTrialTest, TellsWhatEndedTheProcess) {
  EXPECT_TRUE(TryModel(Script("exit 0"), config_, {}).ok());
  EXPECT_THAT(std::string(TryModel(Script("kill -XCPU $$"), config_, {}).message()),
              HasSubstr("takes more than 60 s of processor time"));
  EXPECT_THAT(std::string(TryModel(Script("kill -SEGV $$"), config_, {}).message()),
              HasSubstr("ended the process that loaded it (Segmentation fault)"));
  EXPECT_THAT(std::string(TryModel(Script("echo 'cxr-service: what is wrong' >&2; exit 1"), config_, {}).message()),
              ::testing::StrEq("what is wrong"));
}

}  // namespace
}  // namespace cxr::test
