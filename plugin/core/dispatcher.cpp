// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/core/dispatcher.h"

#include <algorithm>
#include <exception>
#include <utility>

#include "plugin/core/service_error.h"

namespace cxr::plugin {
namespace {

constexpr absl::Duration kProbeWhileServing = absl::Seconds(30);
constexpr absl::Duration kProbeWhileAway = absl::Seconds(5);

constexpr char kLostWithIt[] = "SERVICE_LOST_WITH_IT";
constexpr char kFileNotReadable[] = "FILE_NOT_READABLE";

PartnerSnapshot SnapshotOf(const Availability& partner) {
  return {partner.State(), partner.LastError(), partner.LastErrorAt(), partner.NextCall()};
}

/// The service was called, so the archive gave the file.
bool FileWasRead(const ProcessResult& result) {
  return result.answered || result.service_failed || result.verdict == Verdict::kServiceAway ||
         result.verdict == Verdict::kServiceLost;
}

}  // namespace

Dispatcher::Dispatcher(Ports ports, DispatcherOptions options, absl::Time started)
    : ports_(std::move(ports)),
      options_(options),
      feed_({ports_.log, ports_.positions, ports_.source, ports_.outcomes, backlog_}, started, options.queue_size),
      service_(options.backoff),
      archive_(options.backoff) {}

absl::Time Dispatcher::FeedStep() {
  if (backlog_.Size() >= options_.queue_size) return absl::InfiniteFuture();  // a settled instance wakes us
  const absl::Time began = ports_.clock.Now();
  const absl::StatusOr<ChangeFeed::Report> report = feed_.Step();
  if (!report.ok()) {
    NoteArchiveTrouble(report.status(), began);
    const std::lock_guard<std::mutex> lock(mutex_);
    return ports_.clock.Now() + options_.backoff.Delay(feed_failures_++, ports_.random());
  }
  bool came_back = false;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (std::exchange(feed_failures_, 0) > 0) came_back = archive_.ReportServing();
    counters_.left_out += report->left_out;
    counters_.own_results += report->own_results;
    counters_.gone += report->gone;
    counters_.recovered += report->recovered;
  }
  if (came_back) ports_.observer.OnArchiveBack();
  if (report->began) ports_.observer.OnFollowing(backlog_.Position());
  if (report->log_lost) ports_.observer.OnLogLost();
  SavePosition();
  if (report->announced || report->recovered > 0) ports_.wake();
  return report->more ? ports_.clock.Now() : ports_.clock.Now() + options_.poll_interval;
}

absl::optional<WorkItem> Dispatcher::TakeDue(absl::Time& next) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const absl::Time now = ports_.clock.Now();
  const std::size_t in_flight = backlog_.InFlight();
  if (!service_.MayCall(now, in_flight) || !archive_.MayCall(now, in_flight)) {
    // Whoever is in flight wakes us when done.
    next = in_flight > 0 ? absl::InfiniteFuture() : std::max(service_.NextCall(), archive_.NextCall());
    return absl::nullopt;
  }
  absl::optional<WorkItem> item = backlog_.Take(now, service_.Away() || archive_.Away());
  if (!item.has_value()) next = backlog_.NextDue(now);
  return item;
}

absl::Time Dispatcher::WorkStep() {
  absl::Time next = ports_.clock.Now();
  absl::optional<WorkItem> item = TakeDue(next);
  if (!item.has_value()) return next;
  const absl::Time began = ports_.clock.Now();
  ProcessResult result = ProcessGuarded(*item);
  NoteService(result, began);
  result = Judge(*item, std::move(result));
  NoteArchive(result, began);
  Conclude(*std::move(item), result);
  return ports_.clock.Now();
}

ProcessResult Dispatcher::ProcessGuarded(const WorkItem& item) {
  // An exception that left us here would leave the item in flight for ever.
  ProcessResult result;
  result.stored = item.stored;
  try {
    return ports_.processor.Process(item);
  } catch (const std::exception& error) {
    result.error = absl::InternalError(error.what());
  } catch (...) {
    result.error = absl::InternalError("unknown exception");
  }
  return result;
}

ProcessResult Dispatcher::Judge(const WorkItem& item, ProcessResult result) {
  if (HungWithTheService(result)) result.verdict = Verdict::kServiceAway;
  const bool last_attempt = item.attempts + 1 >= options_.max_attempts;
  absl::Status reason;
  if (result.verdict == Verdict::kServiceLost && item.losses + 1 >= options_.max_losses) {
    reason = ServiceError(result.error.code(), kLostWithIt,
                          "The connection to the service was lost each time this radiograph was with it.");
  } else if (result.verdict == Verdict::kUnreadable) {
    if (!CountsAgainstIt(item)) result.verdict = Verdict::kArchiveAway;
    if (result.verdict == Verdict::kUnreadable && last_attempt) {
      reason = ServiceError(result.error.code(), kFileNotReadable, result.error.message());
    }
  } else if (result.verdict == Verdict::kTransient && last_attempt) {
    reason = result.error;
  }
  if (reason.ok()) return result;
  WorkItem last = item;
  last.stored = std::move(result.stored);
  return ports_.processor.GiveUp(last, reason);
}

bool Dispatcher::HungWithTheService(const ProcessResult& result) const {
  // A deadline passes because of the instance or because the whole service hangs. The probe knows: while it fails too,
  // the instance is not to blame.
  if (!result.service_failed || !absl::IsDeadlineExceeded(result.error)) return false;
  const std::lock_guard<std::mutex> lock(mutex_);
  return service_.Away();
}

bool Dispatcher::CountsAgainstIt(const WorkItem& item) const {
  // A file that cannot be read is the instance's own trouble when others could be read since it was tried last.
  const std::lock_guard<std::mutex> lock(mutex_);
  return file_read_at_ > item.tried_at && item.tried_at != absl::InfinitePast();
}

void Dispatcher::NoteService(const ProcessResult& result, absl::Time began) {
  bool went_away = false;
  bool came_back = false;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (FileWasRead(result)) file_read_at_ = ports_.clock.Now();
    if (result.verdict == Verdict::kServiceAway || result.verdict == Verdict::kServiceLost) {
      went_away = service_.ReportAway(result.error, began, ports_.clock.Now(), ports_.random());
      if (result.verdict == Verdict::kServiceLost) ++counters_.service_losses;
    } else if (result.answered) {
      came_back = service_.ReportServing();
    } else if (result.service_failed) {
      service_.ReportError(result.error, ports_.clock.Now());
    }
    if (result.outcome.has_value() && result.outcome->model.has_value()) model_ = *result.outcome->model;
  }
  if (went_away) ports_.observer.OnServiceAway(result.error);
  AnnounceServiceReturn(came_back);
}

void Dispatcher::NoteArchive(const ProcessResult& result, absl::Time began) {
  switch (result.verdict) {
    case Verdict::kArchiveAway:
      return NoteArchiveTrouble(result.error, began);
    case Verdict::kSettled:
    case Verdict::kSettledEarlier:
    case Verdict::kLeftOut:
    case Verdict::kOwnResult:
    case Verdict::kGone:
      break;
    default:
      return;  // the archive was read, which does not tell whether it can be written
  }
  bool came_back = false;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    came_back = archive_.ReportServing();
  }
  if (came_back) ports_.observer.OnArchiveBack();
}

void Dispatcher::NoteArchiveTrouble(const absl::Status& error, absl::Time began) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    (void)archive_.ReportAway(error, began, ports_.clock.Now(), ports_.random());
  }
  ports_.observer.OnArchiveTrouble(error);
}

void Dispatcher::AnnounceServiceReturn(bool came_back) {
  if (!came_back) return;
  ports_.observer.OnServiceBack();
  ports_.wake();
}

bool Dispatcher::StepBack(WorkItem& item, const ProcessResult& result) {
  item.last_error = ReasonOf(result.error);
  item.stored = result.stored;
  item.tried_at = ports_.clock.Now();
  const auto pause_for = [&](int n) { item.not_before = item.tried_at + options_.backoff.Delay(n, ports_.random()); };
  switch (result.verdict) {
    case Verdict::kServiceLost:
      pause_for(item.losses++);
      return true;
    case Verdict::kTransient:
    case Verdict::kUnreadable:
      pause_for(item.attempts++);
      return true;
    case Verdict::kArchiveAway:
      pause_for(item.pauses++);
      return false;
    case Verdict::kServiceAway:
      if (result.service_failed) pause_for(item.pauses++);  // the service hung with it: others go first
      return false;
    default:
      return false;
  }
}

void Dispatcher::Conclude(WorkItem item, const ProcessResult& result) {
  const std::string instance_id = item.instance_id;
  int failed_attempts = 0;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    Count(result);
  }
  switch (result.verdict) {
    case Verdict::kServiceAway:
    case Verdict::kServiceLost:
    case Verdict::kStopped:
    case Verdict::kTransient:
    case Verdict::kArchiveAway:
    case Verdict::kUnreadable:
    case Verdict::kChanged:
      if (StepBack(item, result)) failed_attempts = item.attempts + item.losses;
      backlog_.PutBack(std::move(item));
      break;
    default:
      backlog_.Settle(item);
      SavePosition();
  }
  if (failed_attempts > 0) ports_.observer.OnRetry(instance_id, result.error, failed_attempts);
  if (result.verdict == Verdict::kGone) ports_.observer.OnGone(instance_id);
  if (result.outcome.has_value()) ports_.observer.OnSettled(instance_id, *result.outcome);
  ports_.wake();
}

void Dispatcher::Count(const ProcessResult& result) {
  switch (result.verdict) {
    case Verdict::kLeftOut:
      ++counters_.left_out;
      break;
    case Verdict::kOwnResult:
      ++counters_.own_results;
      break;
    case Verdict::kSettledEarlier:
      ++counters_.settled_earlier;
      break;
    case Verdict::kGone:
      ++counters_.gone;
      break;
    case Verdict::kTransient:
    case Verdict::kUnreadable:
      ++counters_.retries;
      break;
    default:
      break;
  }
  if (!result.outcome.has_value()) return;
  counters_.objects_stored += static_cast<std::int64_t>(result.outcome->objects.size());
  switch (result.outcome->kind) {
    case OutcomeKind::kAnalysed:
      ++counters_.analysed;
      break;
    case OutcomeKind::kAnalysedWithWarnings:
      ++counters_.analysed_with_warnings;
      break;
    case OutcomeKind::kNotApplicable:
      ++counters_.not_applicable;
      break;
    case OutcomeKind::kFailed:
      ++counters_.failed;
      break;
  }
}

void Dispatcher::SavePosition() {
  // One writer at a time, each with the newest position: what is saved falls only when the log counts anew.
  absl::Status saved;
  {
    const std::lock_guard<std::mutex> save_lock(save_mutex_);
    const std::int64_t position = backlog_.Position();
    if (position == saved_position_ || !feed_.Since().has_value()) return;
    saved = ports_.positions.Save(position);
    if (saved.ok()) saved_position_ = position;
  }
  if (!saved.ok()) ports_.observer.OnArchiveTrouble(saved);  // the next settled instance or page tries again
}

absl::Time Dispatcher::ProbeStep() {
  const absl::Time began = ports_.clock.Now();
  const absl::StatusOr<ModelIdentity> model = ports_.client.DescribeModel();
  if (absl::IsCancelled(model.status())) return absl::InfiniteFuture();  // we are stopping
  bool went_away = false;
  bool came_back = false;
  absl::Time next;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (model.ok()) {
      model_ = *model;
      // An overloaded service answers this call too: only a call with work in it proves that there is room again.
      if (service_.State() != AvailabilityState::kOverloaded) came_back = service_.ReportServing();
    } else {
      // Whatever the error: a service that cannot name its model cannot be sent anything.
      went_away = service_.ReportAway(model.status(), began, ports_.clock.Now(), ports_.random());
    }
    next = ports_.clock.Now() + (model.ok() ? kProbeWhileServing : kProbeWhileAway);
  }
  if (went_away) ports_.observer.OnServiceAway(model.status());
  AnnounceServiceReturn(came_back);
  return next;
}

DispatcherSnapshot Dispatcher::Snapshot() const {
  DispatcherSnapshot snapshot;
  const absl::optional<std::string> since = feed_.Since();
  snapshot.following = since.has_value();
  snapshot.since = since.value_or("");
  snapshot.position = backlog_.Position();
  snapshot.read_to = backlog_.ReadTo();
  snapshot.backlog = backlog_.Size();
  snapshot.in_flight = backlog_.InFlight();
  const std::lock_guard<std::mutex> lock(mutex_);
  snapshot.service = SnapshotOf(service_);
  snapshot.archive = SnapshotOf(archive_);
  snapshot.model = model_;
  snapshot.counters = counters_;
  return snapshot;
}

absl::optional<WorkItem> Dispatcher::Find(const std::string& instance_id) const {
  return backlog_.Find(instance_id);
}

}  // namespace cxr::plugin
