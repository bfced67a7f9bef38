// SPDX-License-Identifier: Apache-2.0
#include "service/base/backoff.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace cxr {
namespace {

TEST(Backoff, DoublesUpToItsMaximum) {
  const Backoff backoff{absl::Seconds(1), absl::Seconds(30)};
  EXPECT_EQ(backoff.Delay(0, 1), absl::Seconds(1));
  EXPECT_EQ(backoff.Delay(1, 1), absl::Seconds(2));
  EXPECT_EQ(backoff.Delay(4, 1), absl::Seconds(16));
  EXPECT_EQ(backoff.Delay(5, 1), absl::Seconds(30));
  EXPECT_EQ(backoff.Delay(2'000'000'000, 1), absl::Seconds(30));
}

TEST(Backoff, SpreadsOverTheUpperHalf) {
  const Backoff backoff{absl::Seconds(1), absl::Seconds(30)};
  EXPECT_EQ(backoff.Delay(2, 0), absl::Seconds(2));
  EXPECT_EQ(backoff.Delay(2, 0.5), absl::Seconds(3));
}

TEST(BackoffSeries, GrowsToItsMaximumAndNeverPausesTogether) {
  const Backoff backoff{absl::Milliseconds(100), absl::Seconds(2)};
  BackoffSeries first(backoff, 1);
  BackoffSeries second(backoff, 2);
  absl::Duration longest = backoff.initial;
  bool differ = false;
  for (int i = 0; i < 50; ++i) {
    const absl::Duration pause = first.Next();
    EXPECT_GE(pause, longest / 2);
    EXPECT_LE(pause, longest);
    differ = differ || pause != second.Next();
    longest = std::min(backoff.max, 2 * longest);
  }
  EXPECT_TRUE(differ);
}

}  // namespace
}  // namespace cxr
