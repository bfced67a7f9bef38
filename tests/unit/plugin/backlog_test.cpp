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
  queue.Add(Item(1));
  queue.Add(Item(2));
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
  EXPECT_EQ(queue.NextDue(now), now + absl::Seconds(5));
  EXPECT_EQ(queue.Take(now + absl::Seconds(5))->sequence, 1);
  EXPECT_EQ(queue.NextDue(now + absl::Seconds(5)), absl::InfiniteFuture());
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

TEST(WorkQueue, SendsASuspectAloneAndAfterAllOthers) {
  const absl::Time now = absl::FromUnixSeconds(100);
  WorkQueue queue;
  queue.Add(Item(1));
  queue.Add(Item(2));
  WorkItem suspect = *queue.Take(now);
  ++suspect.losses;
  suspect.not_before = now;
  queue.PutBack(suspect);
  const WorkItem other = *queue.Take(now);
  EXPECT_EQ(other.sequence, 2);
  EXPECT_FALSE(queue.Take(now).has_value()) << "a suspect waits until nothing else is in flight";
  queue.Settle(other);
  EXPECT_EQ(queue.Take(now)->sequence, 1);
  queue.Add(Item(3));
  EXPECT_FALSE(queue.Take(now).has_value()) << "nothing joins a suspect";
}

TEST(WorkQueue, DoesNotStarveASuspectUnderASteadyStream) {
  const absl::Time now = absl::FromUnixSeconds(100);
  WorkQueue queue;
  queue.Add(Item(1));
  WorkItem suspect = *queue.Take(now);
  ++suspect.losses;
  suspect.not_before = now;
  queue.PutBack(suspect);
  queue.Add(Item(2));
  EXPECT_EQ(queue.Take(now + WorkQueue::kPatience + absl::Seconds(1))->sequence, 1);
}

TEST(WorkQueue, DoesNotHandOutOneInstanceTwiceAtOnce) {
  const absl::Time now = absl::FromUnixSeconds(100);
  WorkQueue queue;
  queue.Add(Item(1));
  const WorkItem first = *queue.Take(now);
  WorkItem again = Item(2);
  again.instance_id = first.instance_id;
  queue.Add(again);
  EXPECT_FALSE(queue.Take(now).has_value());
  EXPECT_EQ(queue.Settle(first), 1);
  EXPECT_EQ(queue.Take(now)->sequence, 2);
}

TEST(Backlog, HoldsThePositionForWhatWasRecovered) {
  Backlog backlog;
  backlog.Begin(10);
  backlog.Hold();
  backlog.MarkRead(20);
  backlog.Recover(Item(0));
  backlog.Recover(Item(0));
  EXPECT_EQ(backlog.Size(), 1U) << "known";
  backlog.Release();
  EXPECT_EQ(backlog.Position(), 10);
  backlog.Settle(*backlog.Take(absl::FromUnixSeconds(1)));
  EXPECT_EQ(backlog.Position(), 20);
}

TEST(Backlog, BeginsAnewWithALogThatCountsAnew) {
  Backlog backlog;
  backlog.Begin(10);
  backlog.Announce(Item(11));
  backlog.MarkRead(20);
  const WorkItem in_flight = *backlog.Take(absl::FromUnixSeconds(1));
  backlog.Rewind();
  EXPECT_EQ(backlog.ReadTo(), 0);
  backlog.MarkRead(5);
  EXPECT_EQ(backlog.Position(), 0);
  backlog.Settle(in_flight);
  EXPECT_EQ(backlog.Position(), 5);
}

}  // namespace
}  // namespace cxr::plugin
