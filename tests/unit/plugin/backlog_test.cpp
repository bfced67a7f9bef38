// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/core/backlog.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"

namespace cxr::plugin {
namespace {

TEST(PositionTracker, StaysBeforeTheOldestOpenInstance) {
  PositionTracker tracker(10);
  tracker.Open(12);
  tracker.Open(15);
  tracker.MarkRead(20);
  EXPECT_EQ(tracker.Position(), 11);
  tracker.Settle(15);
  EXPECT_EQ(tracker.Position(), 11);
  tracker.Settle(12);
  EXPECT_EQ(tracker.Position(), 20);
}

TEST(PositionTracker, NeverPassesWhatWasNotRead) {
  PositionTracker tracker(10);
  tracker.Open(15);
  EXPECT_EQ(tracker.Position(), 10);
  tracker.Settle(15);
  EXPECT_EQ(tracker.Position(), 10);
  tracker.MarkRead(15);
  tracker.MarkRead(12);
  EXPECT_EQ(tracker.Position(), 15);
}

WorkItem Item(std::int64_t sequence) {
  WorkItem item;
  item.sequence = sequence;
  item.instance_id = absl::StrCat("i", sequence);
  return item;
}

TEST(WorkQueue, HandsOutTheOldestDueItemOnce) {
  const absl::Time now = absl::FromUnixSeconds(100);
  WorkQueue queue;
  queue.Add(Item(2));
  queue.Add(Item(1));
  EXPECT_EQ(queue.Take(now)->sequence, 1);
  EXPECT_EQ(queue.Take(now)->sequence, 2);
  EXPECT_FALSE(queue.Take(now).has_value());
  EXPECT_EQ(queue.InFlight(), 2U);
}

TEST(WorkQueue, LetsOthersPassAnItemThatWaits) {
  const absl::Time now = absl::FromUnixSeconds(100);
  WorkQueue queue;
  queue.Add(Item(1));
  queue.Add(Item(2));
  WorkItem first = *queue.Take(now);
  first.not_before = now + absl::Seconds(5);
  queue.PutBack(first);
  EXPECT_EQ(queue.Take(now)->sequence, 2);
  EXPECT_EQ(queue.NextDue(), now + absl::Seconds(5));
  EXPECT_EQ(queue.Take(now + absl::Seconds(5))->sequence, 1);
  EXPECT_EQ(queue.NextDue(), absl::InfiniteFuture());
}

TEST(WorkQueue, ForgetsWhatIsSettled) {
  WorkQueue queue;
  queue.Add(Item(1));
  const WorkItem item = *queue.Take(absl::FromUnixSeconds(1));
  EXPECT_TRUE(queue.Find("i1")->in_flight);
  queue.Settle(item);
  EXPECT_EQ(queue.Size(), 0U);
  EXPECT_EQ(queue.InFlight(), 0U);
  EXPECT_FALSE(queue.Find("i1").has_value());
}

}  // namespace
}  // namespace cxr::plugin
