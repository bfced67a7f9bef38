// SPDX-License-Identifier: Apache-2.0
#include "service/core/stopwatch.h"

#include <gtest/gtest.h>

namespace cxr {
namespace {

TEST(Stopwatch, BeginEndsTheStageBefore) {
  Stopwatch stopwatch;
  stopwatch.Add({"queue", std::chrono::microseconds(7)});
  stopwatch.Begin("parse");
  stopwatch.Begin("decode");
  stopwatch.End();
  stopwatch.End();
  ASSERT_EQ(stopwatch.stages().size(), 3U);
  EXPECT_EQ(stopwatch.stages()[0].duration.count(), 7);
  EXPECT_EQ(stopwatch.stages()[1].stage, "parse");
  EXPECT_EQ(stopwatch.stages()[2].stage, "decode");
  for (const StageTime& stage : stopwatch.stages()) EXPECT_GE(stage.duration.count(), 0);
}

TEST(Stopwatch, AStageInProgressIsNotYetRecorded) {
  Stopwatch stopwatch;
  stopwatch.Begin("parse");
  EXPECT_TRUE(stopwatch.stages().empty());
}

TEST(Stopwatch, GoesOnWithAStageThatBeginsTwice) {
  Stopwatch stopwatch;
  stopwatch.Begin("render");
  stopwatch.Begin("render");
  stopwatch.End();
  ASSERT_EQ(stopwatch.stages().size(), 1U);
  EXPECT_EQ(stopwatch.stages()[0].stage, "render");
}

}  // namespace
}  // namespace cxr
