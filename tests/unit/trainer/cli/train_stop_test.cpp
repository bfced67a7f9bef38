// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <signal.h>

#include <filesystem>

#include "tests/unit/trainer/generated_data.h"
#include "trainer/cli/train.h"

namespace cxr {
namespace {

/// Takes the pending signal away again, so that it does not end the test once it is unblocked.
void Consume(int signal) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, signal);
  int received = 0;
  sigwait(&set, &received);
}

TEST(Train, StopsAtASignalAndLeavesNoModel) {
  const test::TestFolder folder;
  test::DrawThreeClasses(folder.path() / "data", 4, 1);
  TrainOptions options;
  options.data = (folder.path() / "data").string();
  options.backbone = "none";
  options.out = (folder.path() / "run").string();
  options.image_size = 32;
  const StopSignal stop;
  raise(SIGINT);
  const absl::Status status = Train(options, stop);
  EXPECT_TRUE(absl::IsCancelled(status)) << status;
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "run" / "model"));
  Consume(SIGINT);
}

}  // namespace
}  // namespace cxr
