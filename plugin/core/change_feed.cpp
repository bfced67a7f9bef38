// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/core/change_feed.h"

#include <algorithm>

namespace cxr::plugin {
namespace {

// More changes than an archive makes between loading its plugins and telling them that it has started.
constexpr int kStartWindow = 1000;
constexpr int kSearchedPages = 200;

absl::StatusOr<std::int64_t> ThePresent(ChangeLog& log, absl::Time started) {
  const absl::StatusOr<std::int64_t> last = log.Last();
  if (!last.ok()) return last;
  const std::string start = absl::FormatTime("%Y%m%dT%H%M%S", started, absl::UTCTimeZone());
  const absl::StatusOr<ChangePage> recent = log.Read(std::max<std::int64_t>(0, *last - kStartWindow), kStartWindow);
  if (!recent.ok()) return recent.status();
  for (const NewInstance& change : recent->instances) {
    if (change.date >= start) return change.sequence - 1;
  }
  return std::max(*last, recent->last);
}

}  // namespace

absl::StatusOr<std::int64_t> StartPosition(ChangeLog& log, PositionStore& positions, absl::Time started) {
  const absl::StatusOr<absl::optional<std::int64_t>> saved = positions.Load();
  if (!saved.ok()) return saved.status();
  if (saved->has_value()) return **saved;
  const absl::StatusOr<std::int64_t> present = ThePresent(log, started);
  if (!present.ok()) return present;
  const absl::Status kept = positions.Save(*present);
  if (!kept.ok()) return kept;
  return present;
}

absl::StatusOr<bool> IsAnnouncedAfter(ChangeLog& log, std::int64_t since, const std::string& instance_id) {
  for (int page_number = 0; page_number < kSearchedPages; ++page_number) {
    const absl::StatusOr<ChangePage> page = log.Read(since, kPageSize);
    if (!page.ok()) return page.status();
    for (const NewInstance& change : page->instances) {
      if (change.instance_id == instance_id) return true;
    }
    if (page->done) return false;
    since = page->last;
  }
  return true;
}

}  // namespace cxr::plugin
