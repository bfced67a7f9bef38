// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/core/change_feed.h"

#include <algorithm>
#include <utility>

namespace cxr::plugin {
namespace {

// More changes than an archive makes between loading its plugins and telling them that it has started.
constexpr int kStartWindow = 1000;

absl::StatusOr<std::int64_t> ThePresent(ChangeLog& log, const std::string& start) {
  const absl::StatusOr<std::int64_t> last = log.Last();
  if (!last.ok()) return last;
  const absl::StatusOr<ChangePage> recent = log.Read(std::max<std::int64_t>(0, *last - kStartWindow), kStartWindow);
  if (!recent.ok()) return recent.status();
  for (const NewInstance& change : recent->instances) {
    if (change.date >= start) return change.sequence - 1;
  }
  return std::max(*last, recent->last);
}

absl::StatusOr<std::string> FirstDateAfter(ChangeLog& log, std::int64_t position, const std::string& otherwise) {
  const absl::StatusOr<ChangePage> page = log.Read(position, kPageSize);
  if (!page.ok()) return page.status();
  return page->instances.empty() ? otherwise : std::min(page->instances.front().date, otherwise);
}

}  // namespace

std::string ArchiveTime(absl::Time time) {
  return absl::FormatTime("%Y%m%dT%H%M%S", time, absl::UTCTimeZone());
}

absl::StatusOr<StartPoint> FindStartPoint(ChangeLog& log, PositionStore& positions, absl::Time started) {
  const absl::StatusOr<absl::optional<std::int64_t>> position = positions.Load();
  if (!position.ok()) return position.status();
  const absl::StatusOr<absl::optional<std::string>> since = positions.LoadStart();
  if (!since.ok()) return since.status();
  const std::string start = ArchiveTime(started);
  StartPoint point{position->value_or(0), since->value_or(start)};
  if (!position->has_value()) {
    const absl::StatusOr<std::int64_t> present = ThePresent(log, start);
    if (!present.ok()) return present.status();
    point.position = *present;
  } else if (!since->has_value()) {
    absl::StatusOr<std::string> first = FirstDateAfter(log, point.position, start);
    if (!first.ok()) return first.status();
    point.since = *std::move(first);
  }
  absl::Status saved = since->has_value() ? absl::OkStatus() : positions.SaveStart(point.since);
  if (saved.ok() && !position->has_value()) saved = positions.Save(point.position);
  if (!saved.ok()) return saved;
  return point;
}

absl::StatusOr<absl::optional<std::vector<ArchiveWalk::Found>>> ArchiveWalk::Next() {
  const bool overlap = !last_series_.empty();
  absl::StatusOr<std::vector<SeriesListing>> page = source_->ListSeries(next_ - (overlap ? 1 : 0), kSeriesPage);
  if (!page.ok()) return page.status();
  if (overlap && (page->empty() || page->front().series_id != last_series_)) {
    // Something before us was deleted, and the rest moved forward: go back further than that.
    next_ -= std::min(next_, kSeriesPage);
    last_series_.clear();
    return absl::optional<std::vector<Found>>(std::vector<Found>());
  }
  if (overlap) page->erase(page->begin());
  if (page->empty()) return absl::optional<std::vector<Found>>();
  next_ += page->size();
  last_series_ = page->back().series_id;
  std::vector<Found> found;
  for (const SeriesListing& series : *page) {
    if (!IsRadiography(series.facts.modality)) continue;
    for (const std::string& instance : series.instances) found.push_back({instance, series.facts});
  }
  return absl::optional<std::vector<Found>>(std::move(found));
}

absl::optional<std::string> ChangeFeed::Since() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return since_;
}

absl::Status ChangeFeed::FindStart() {
  if (Since().has_value()) return absl::OkStatus();
  absl::StatusOr<StartPoint> start = FindStartPoint(ports_.log, ports_.positions, started_);
  if (!start.ok()) return start.status();
  ports_.backlog.Begin(start->position);
  const std::lock_guard<std::mutex> lock(mutex_);
  since_ = std::move(start->since);
  return absl::OkStatus();
}

absl::StatusOr<ChangeFeed::Report> ChangeFeed::Step() {
  Report report;
  absl::Status status = FindStart();
  if (!status.ok()) return status;
  const std::int64_t read_to = ports_.backlog.ReadTo();
  const absl::StatusOr<ChangePage> page = ports_.log.Read(read_to, kPageSize);
  if (!page.ok()) return page.status();
  // After the page was read: what is missing now was missing from the page too, or is still to come.
  status = NoticeLostChanges(read_to, page->renumbered, report);
  if (!status.ok()) return status;
  for (const NewInstance& change : page->instances) {
    absl::optional<WorkItem> item = Decide(change.instance_id, report);
    if (!item.has_value()) continue;
    item->sequence = change.sequence;
    ports_.backlog.Announce(*std::move(item));
  }
  if (!page->renumbered) ports_.backlog.MarkRead(page->last);
  status = LookThroughArchive(report);
  if (!status.ok()) return status;
  report.began = !std::exchange(began_, true);
  report.announced = !page->instances.empty();
  report.more = !page->done || page->renumbered || walk_.has_value();
  return report;
}

absl::Status ChangeFeed::NoticeLostChanges(std::int64_t read_to, bool renumbered, Report& report) {
  const absl::StatusOr<absl::optional<std::int64_t>> oldest = ports_.log.Oldest();
  if (!oldest.ok()) return oldest.status();
  // Without a change up to read_to + 1, those between were removed: with their instances, or all of them by an
  // administrator. A log that is empty when we begin tells nothing, so the archive is asked.
  const bool was_empty = log_seen_ && log_empty_;
  const bool gap = oldest->has_value() ? **oldest > read_to + 1 : !was_empty;
  const bool lost = oldest->has_value() || log_seen_ || renumbered;  // otherwise a new archive may be all there is
  log_seen_ = true;
  log_empty_ = !oldest->has_value();
  if (!gap && !renumbered) return absl::OkStatus();
  ports_.backlog.Hold();
  if (renumbered) ports_.backlog.Rewind();
  walk_.emplace(ports_.source);
  found_.clear();
  report.log_lost = lost;
  return absl::OkStatus();
}

absl::Status ChangeFeed::LookThroughArchive(Report& report) {
  if (!walk_.has_value()) return absl::OkStatus();
  if (found_.empty()) {
    absl::StatusOr<absl::optional<std::vector<ArchiveWalk::Found>>> page = walk_->Next();
    if (!page.ok()) return page.status();
    if (!page->has_value()) {
      walk_.reset();
      ports_.backlog.Release();
      return absl::OkStatus();
    }
    found_.assign((*page)->begin(), (*page)->end());
  }
  while (!found_.empty() && ports_.backlog.Size() < queue_size_) {
    const absl::Status status = Reconsider(found_.front(), report);
    if (!status.ok()) return status;
    found_.pop_front();
  }
  return absl::OkStatus();
}

absl::Status ChangeFeed::Reconsider(const ArchiveWalk::Found& found, Report& report) {
  if (ports_.backlog.Find(found.instance_id).has_value()) return absl::OkStatus();
  const absl::StatusOr<absl::optional<Outcome>> outcome = ports_.outcomes.ReadOutcome(found.instance_id);
  if (!outcome.ok()) return outcome.status();
  if (outcome->has_value()) return absl::OkStatus();
  const absl::StatusOr<std::string> received = ports_.source.ReceivedAt(found.instance_id);
  if (absl::IsNotFound(received.status())) return absl::OkStatus();
  if (!received.ok()) return received.status();
  if (*received < *Since()) return absl::OkStatus();
  Report decided;  // what is left out now was counted when the log announced it
  absl::optional<WorkItem> item = Decide(found.instance_id, decided);
  if (!item.has_value()) return absl::OkStatus();
  ports_.backlog.Recover(*std::move(item));
  ++report.recovered;
  return absl::OkStatus();
}

absl::optional<WorkItem> ChangeFeed::Decide(const std::string& instance_id, Report& report) {
  WorkItem item;
  item.instance_id = instance_id;
  const absl::StatusOr<SeriesFacts> series = ports_.source.ReadSeries(instance_id);
  if (series.ok()) item.study_id = series->study_id;
  const absl::StatusOr<ForwardingDecision> decision =
      series.ok() ? DecideForwarding(ports_.source, instance_id, *series) : series.status();
  if (absl::IsNotFound(decision.status())) {
    ++report.gone;
    return absl::nullopt;
  }
  if (decision.ok() && decision->route == Route::kLeftOut) {
    ++report.left_out;
    return absl::nullopt;
  }
  if (decision.ok() && decision->route == Route::kOwnResult) {
    ++report.own_results;
    return absl::nullopt;
  }
  item.decided = decision.ok();  // when the archive could not tell, the worker asks again
  return item;
}

}  // namespace cxr::plugin
