// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/core/change_feed.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "tests/unit/plugin/fake_archive.h"

namespace cxr::plugin {
namespace {

const absl::Time kStarted = absl::FromUnixSeconds(1'700'000'000);  // 20231114T221320

TEST(ChangeFeed, BeginsAtThePresentOnTheFirstStartAndRemembersIt) {
  FakeArchive archive;
  archive.start.reset();
  archive.AddInstance("old");
  archive.log.back().date = "20231114T221319";
  archive.AddOtherChange();
  const absl::StatusOr<StartPoint> start = FindStartPoint(archive, archive, kStarted);
  ASSERT_TRUE(start.ok());
  EXPECT_EQ(start->position, 2);
  EXPECT_EQ(start->since, "20231114T221320");
  EXPECT_EQ(archive.start, "20231114T221320");
  EXPECT_EQ(archive.position, 2);
}

TEST(ChangeFeed, CountsWhatCameInSinceTheArchiveLoadedUsAsThePresent) {
  FakeArchive archive;
  archive.AddInstance("old");
  archive.log.back().date = "20231114T221319";
  archive.AddInstance("early");  // stored before anybody could read the log
  archive.log.back().date = "20231114T221320";
  EXPECT_EQ(FindStartPoint(archive, archive, kStarted)->position, 1);
}

TEST(ChangeFeed, GoesOnWhereItStopped) {
  FakeArchive archive;
  for (int i = 0; i < 5; ++i) archive.AddInstance(absl::StrCat("i", i));
  archive.position = 3;
  EXPECT_EQ(FindStartPoint(archive, archive, kStarted)->position, 3);
}

TEST(ChangeFeed, DoesNotTakeAnUnreadablePositionForAFirstStart) {
  FakeArchive archive;
  archive.position_error = absl::UnavailableError("database");
  EXPECT_FALSE(FindStartPoint(archive, archive, kStarted).ok());
}

TEST(ChangeFeed, TakesTheMomentOfAnOlderVersionsStartFromTheLog) {
  FakeArchive archive;
  archive.start.reset();
  archive.AddInstance("waiting");
  archive.log.back().date = "20231101T000000";
  archive.position = 0;
  EXPECT_EQ(FindStartPoint(archive, archive, kStarted)->since, "20231101T000000");
  EXPECT_EQ(archive.start, "20231101T000000");
}

TEST(ArchiveWalk, FindsEveryRadiographThoughSeriesAreDeletedMeanwhile) {
  FakeArchive archive;
  for (int i = 0; i < 350; ++i) archive.AddInstance(absl::StrCat("i", 1000 + i), i % 2 == 0 ? "DX" : "CT");
  archive.on_list = [&] {
    if (archive.list_pages == 2) {
      for (int i = 0; i < 60; ++i) archive.instances.erase(absl::StrCat("i", 1000 + i));
    }
  };
  std::set<std::string> found;
  ArchiveWalk walk(archive);
  for (int page = 0; page < 20; ++page) {
    const absl::StatusOr<absl::optional<std::vector<ArchiveWalk::Found>>> next = walk.Next();
    ASSERT_TRUE(next.ok());
    if (!next->has_value()) break;
    for (const ArchiveWalk::Found& instance : **next) found.insert(instance.instance_id);
  }
  for (const auto& [id, instance] : archive.instances)
    EXPECT_EQ(found.count(id) != 0, instance.series.modality == "DX");
}

}  // namespace
}  // namespace cxr::plugin
