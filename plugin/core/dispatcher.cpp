// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/core/dispatcher.h"

#include <algorithm>
#include <utility>

#include "plugin/core/change_feed.h"
#include "plugin/core/service_error.h"

namespace cxr::plugin {
namespace {

constexpr absl::Duration kProbeWhileServing = absl::Seconds(30);
constexpr absl::Duration kProbeWhileAway = absl::Seconds(5);

}  // namespace

Dispatcher::Dispatcher(Ports ports, DispatcherOptions options, absl::Time started)
    : ports_(std::move(ports)), options_(options), started_(started), health_(options.backoff) {}

absl::Status Dispatcher::FindStart() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (following_) return absl::OkStatus();
  }
  const absl::StatusOr<std::int64_t> start = StartPosition(ports_.log, ports_.positions, started_);
  if (!start.ok()) return start.status();
  {
    const std::lock_guard<std::mutex> save_lock(save_mutex_);
    saved_position_ = *start;
  }
  ports_.observer.OnFollowing(*start);
  const std::lock_guard<std::mutex> lock(mutex_);
  tracker_ = PositionTracker(*start);
  following_ = true;
  return absl::OkStatus();
}

bool Dispatcher::HasRoom() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return queue_.Size() < options_.queue_size;
}

absl::Time Dispatcher::FeedStep() {
  if (!HasRoom()) return absl::InfiniteFuture();  // a settled instance wakes us
  absl::Status status = FindStart();
  if (status.ok()) {
    std::int64_t since = 0;
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      since = tracker_.ReadTo();
    }
    const absl::StatusOr<ChangePage> page = ports_.log.Read(since, kPageSize);
    status = page.status();
    if (page.ok()) {
      for (const NewInstance& change : page->instances) Admit(change);
      AfterPage(*page);
      return page->done ? ports_.clock.Now() + options_.poll_interval : ports_.clock.Now();
    }
  }
  ports_.observer.OnArchiveTrouble(status);
  const std::lock_guard<std::mutex> lock(mutex_);
  return ports_.clock.Now() + options_.backoff.Delay(feed_failures_++, ports_.random());
}

void Dispatcher::Admit(const NewInstance& change) {
  const absl::StatusOr<ForwardingDecision> decision = DecideForwarding(ports_.source, change.instance_id);
  const std::lock_guard<std::mutex> lock(mutex_);
  if (absl::IsNotFound(decision.status())) {
    ++counters_.gone;
    return;
  }
  if (decision.ok() && decision->route == Route::kLeftOut) {
    ++counters_.left_out;
    return;
  }
  if (decision.ok() && decision->route == Route::kOwnResult) {
    ++counters_.own_results;
    return;
  }
  WorkItem item;
  item.sequence = change.sequence;
  item.instance_id = change.instance_id;
  item.decided = decision.ok();  // when the archive could not tell, the worker asks again
  tracker_.Open(change.sequence);
  queue_.Add(std::move(item));
}

void Dispatcher::AfterPage(const ChangePage& page) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    feed_failures_ = 0;
    tracker_.MarkRead(page.last);
  }
  SavePosition();
  if (!page.instances.empty()) ports_.wake();
}

absl::optional<WorkItem> Dispatcher::TakeDue(absl::Time& next) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const absl::Time now = ports_.clock.Now();
  if (!health_.MayCall(now, queue_.InFlight())) {
    // Whoever is in flight wakes us when done.
    next = queue_.InFlight() > 0 ? absl::InfiniteFuture() : health_.NextCall();
    return absl::nullopt;
  }
  absl::optional<WorkItem> item = queue_.Take(now);
  if (!item.has_value()) next = queue_.NextDue();
  return item;
}

absl::Time Dispatcher::WorkStep() {
  absl::Time next = ports_.clock.Now();
  absl::optional<WorkItem> item = TakeDue(next);
  if (!item.has_value()) return next;
  const absl::Time began = ports_.clock.Now();
  ProcessResult result = ports_.processor.Process(*item);
  NoteService(result, began);
  if (HungWithTheService(result)) result.verdict = Verdict::kServiceAway;
  if (result.verdict == Verdict::kTransient && item->attempts + 1 >= options_.max_attempts) {
    result = ports_.processor.GiveUp(*item, result.error);
  }
  Conclude(*std::move(item), result);
  return ports_.clock.Now();
}

bool Dispatcher::HungWithTheService(const ProcessResult& result) const {
  // A deadline passes because of the instance or because the whole service hangs. The probe knows: while it fails too,
  // the instance is not to blame.
  if (!result.service_failed || !absl::IsDeadlineExceeded(result.error)) return false;
  const std::lock_guard<std::mutex> lock(mutex_);
  return health_.Away();
}

void Dispatcher::NoteService(const ProcessResult& result, absl::Time began) {
  bool went_away = false;
  bool came_back = false;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (result.verdict == Verdict::kServiceAway) {
      went_away = health_.ReportAway(result.error, began, ports_.clock.Now(), ports_.random());
    } else if (result.answered) {
      came_back = health_.ReportServing();
    } else if (result.service_failed) {
      health_.ReportError(result.error, ports_.clock.Now());
    }
    if (result.outcome.has_value() && result.outcome->model.has_value()) health_.ReportModel(*result.outcome->model);
  }
  if (went_away) ports_.observer.OnServiceAway(result.error);
  AnnounceReturn(came_back);
}

void Dispatcher::AnnounceReturn(bool came_back) {
  if (!came_back) return;
  ports_.observer.OnServiceBack();
  ports_.wake();
}

void Dispatcher::Conclude(WorkItem item, const ProcessResult& result) {
  const std::string instance_id = item.instance_id;
  int attempts = 0;
  bool settled = true;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    Count(result);
    if (result.verdict == Verdict::kServiceAway || result.verdict == Verdict::kStopped) {
      settled = false;
      item.last_error = ReasonOf(result.error);
      queue_.PutBack(std::move(item));
    } else if (result.verdict == Verdict::kTransient) {
      settled = false;
      item.last_error = ReasonOf(result.error);
      item.not_before = ports_.clock.Now() + options_.backoff.Delay(item.attempts, ports_.random());
      attempts = ++item.attempts;
      queue_.PutBack(std::move(item));
    } else {
      tracker_.Settle(item.sequence);
      queue_.Settle(item);
    }
  }
  if (settled) SavePosition();
  if (attempts > 0) ports_.observer.OnRetry(instance_id, result.error, attempts);
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
      ++counters_.retries;
      break;
    case Verdict::kSettled:
    case Verdict::kServiceAway:
    case Verdict::kStopped:
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
  // One writer at a time, each with the newest position: what is saved never falls.
  const std::lock_guard<std::mutex> save_lock(save_mutex_);
  std::int64_t position = 0;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    position = tracker_.Position();
  }
  if (position <= saved_position_) return;
  const absl::Status saved = ports_.positions.Save(position);
  if (saved.ok()) {
    saved_position_ = position;
  } else {
    ports_.observer.OnArchiveTrouble(saved);  // the next settled instance or page tries again
  }
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
      health_.ReportModel(*model);
      // An overloaded service answers this call too: only a call with work in it proves that there is room again.
      if (health_.State() != ServiceState::kOverloaded) came_back = health_.ReportServing();
    } else {
      // Whatever the error: a service that cannot name its model cannot be sent anything.
      went_away = health_.ReportAway(model.status(), began, ports_.clock.Now(), ports_.random());
    }
    next = ports_.clock.Now() + (model.ok() ? kProbeWhileServing : kProbeWhileAway);
  }
  if (went_away) ports_.observer.OnServiceAway(model.status());
  AnnounceReturn(came_back);
  return next;
}

DispatcherSnapshot Dispatcher::Snapshot() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  DispatcherSnapshot snapshot;
  snapshot.following = following_;
  snapshot.position = tracker_.Position();
  snapshot.read_to = tracker_.ReadTo();
  snapshot.backlog = queue_.Size();
  snapshot.in_flight = queue_.InFlight();
  snapshot.service = health_.State();
  snapshot.last_service_error = health_.LastError();
  snapshot.last_service_error_at = health_.LastErrorAt();
  snapshot.next_call = health_.NextCall();
  snapshot.model = health_.Model();
  snapshot.counters = counters_;
  return snapshot;
}

absl::optional<WorkItem> Dispatcher::Find(const std::string& instance_id) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return queue_.Find(instance_id);
}

}  // namespace cxr::plugin
