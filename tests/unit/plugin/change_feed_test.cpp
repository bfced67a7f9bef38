// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/core/change_feed.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "tests/unit/plugin/fakes.h"

namespace cxr::plugin {
namespace {

const absl::Time kStarted = absl::FromUnixSeconds(1'700'000'000);  // 20231114T221320

TEST(ChangeFeed, BeginsAtThePresentOnTheFirstStartAndRemembersIt) {
  FakeArchive archive;
  archive.AddInstance("old");
  archive.log.back().date = "20231114T221319";
  archive.AddOtherChange();
  const absl::StatusOr<std::int64_t> start = StartPosition(archive, archive, kStarted);
  ASSERT_TRUE(start.ok());
  EXPECT_EQ(*start, 2);
  EXPECT_EQ(archive.position, 2);
}

TEST(ChangeFeed, CountsWhatCameInSinceTheArchiveLoadedUsAsThePresent) {
  FakeArchive archive;
  archive.AddInstance("old");
  archive.log.back().date = "20231114T221319";
  archive.AddInstance("early");  // stored before anybody could read the log
  archive.log.back().date = "20231114T221320";
  EXPECT_EQ(*StartPosition(archive, archive, kStarted), 1);
}

TEST(ChangeFeed, GoesOnWhereItStopped) {
  FakeArchive archive;
  for (int i = 0; i < 5; ++i) archive.AddInstance(absl::StrCat("i", i));
  archive.position = 3;
  EXPECT_EQ(*StartPosition(archive, archive, kStarted), 3);
}

TEST(ChangeFeed, DoesNotTakeAnUnreadablePositionForAFirstStart) {
  FakeArchive archive;
  archive.position_error = absl::UnavailableError("database");
  EXPECT_FALSE(StartPosition(archive, archive, kStarted).ok());
}

TEST(ChangeFeed, FindsWhatIsStillToBeRead) {
  FakeArchive archive;
  for (int i = 0; i < 250; ++i) archive.AddInstance(absl::StrCat("i", i));
  EXPECT_TRUE(*IsAnnouncedAfter(archive, 10, "i249"));
  EXPECT_FALSE(*IsAnnouncedAfter(archive, 10, "i5"));
}

}  // namespace
}  // namespace cxr::plugin
