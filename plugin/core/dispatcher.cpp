// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/core/dispatcher.h"

#include <exception>
#include <utility>

namespace cxr::plugin {
namespace {

constexpr absl::Duration kProbeWhileServing = absl::Seconds(30);
constexpr absl::Duration kProbeWhileAway = absl::Seconds(5);

PartnerSnapshot SnapshotOf(const Availability& partner) {
  return {partner.State(), partner.LastError(), partner.LastErrorAt(), partner.NextCall()};
}

}  // namespace

Dispatcher::Dispatcher(Ports ports, DispatcherOptions options, absl::Time started)
    : ports_(std::move(ports)),
      options_(options),
      feed_({ports_.log, ports_.positions, ports_.source, ports_.outcomes, backlog_}, started, options.queue_size),
      judge_(options.repeat, ports_.clock, ports_.random) {}

absl::Time Dispatcher::FeedStep() {
  if (backlog_.Size() >= options_.queue_size) return absl::InfiniteFuture();  // a settled instance wakes us
  const absl::Time began = ports_.clock.Now();
  const absl::StatusOr<ChangeFeed::Report> report = feed_.Step();
  if (!report.ok()) {
    absl::Duration pause;
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      pause = judge_.NotePageFailure(report.status(), began);
    }
    ports_.observer.OnArchiveTrouble(report.status());
    return ports_.clock.Now() + pause;
  }
  PartnerChange change = PartnerChange::kNone;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    change = judge_.NotePage();
    counters_.left_out += report->left_out;
    counters_.own_results += report->own_results;
    counters_.gone += report->gone;
    counters_.recovered += report->recovered;
  }
  AnnounceArchive(change);
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
  if (!judge_.MayBegin(now, in_flight)) {
    // Whoever is in flight wakes us when done.
    next = in_flight > 0 ? absl::InfiniteFuture() : judge_.NextCall();
    return absl::nullopt;
  }
  absl::optional<WorkItem> item = backlog_.Take(now, judge_.Troubled());
  if (!item.has_value()) next = backlog_.NextDue(now);
  return item;
}

absl::Time Dispatcher::WorkStep() {
  absl::Time next = ports_.clock.Now();
  absl::optional<WorkItem> item = TakeDue(next);
  if (!item.has_value()) return next;
  const absl::Time began = ports_.clock.Now();
  const ProcessResult result = Judge(*item, ProcessGuarded(*item), began);
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

ProcessResult Dispatcher::Judge(const WorkItem& item, ProcessResult result, absl::Time began) {
  PartnerChange change = PartnerChange::kNone;
  Judgement judgement;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    change = judge_.NoteService(result, began);
    judgement = judge_.Judge(item, result);
    if (result.verdict == Verdict::kServiceLost) ++counters_.service_losses;
    if (result.outcome.has_value() && result.outcome->model.has_value()) model_ = *result.outcome->model;
  }
  AnnounceService(change, result.error);
  result.verdict = judgement.verdict;
  if (judgement.failure.ok()) return result;
  WorkItem last = item;
  last.stored = std::move(result.stored);
  return ports_.processor.GiveUp(last, judgement.failure);
}

void Dispatcher::NoteArchive(const ProcessResult& result, absl::Time began) {
  PartnerChange change = PartnerChange::kNone;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    change = judge_.NoteArchive(result, began);
  }
  if (result.verdict == Verdict::kArchiveAway) ports_.observer.OnArchiveTrouble(result.error);
  AnnounceArchive(change);
}

void Dispatcher::AnnounceService(PartnerChange change, const absl::Status& error) {
  if (change == PartnerChange::kWentAway) ports_.observer.OnServiceAway(error);
  if (change != PartnerChange::kCameBack) return;
  ports_.observer.OnServiceBack();
  ports_.wake();
}

void Dispatcher::AnnounceArchive(PartnerChange change) {
  if (change == PartnerChange::kCameBack) ports_.observer.OnArchiveBack();
}

void Dispatcher::Conclude(WorkItem item, const ProcessResult& result) {
  const std::string instance_id = item.instance_id;
  int failed_attempts = 0;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    counters_.Count(result);
    if (!Settles(result.verdict) && judge_.StepBack(item, result)) failed_attempts = item.attempts + item.losses;
  }
  if (Settles(result.verdict)) {
    backlog_.Settle(item);
    SavePosition();
  } else {
    backlog_.PutBack(std::move(item));
  }
  if (failed_attempts > 0) ports_.observer.OnRetry(instance_id, result.error, failed_attempts);
  if (result.verdict == Verdict::kGone) ports_.observer.OnGone(instance_id);
  if (result.outcome.has_value()) ports_.observer.OnSettled(instance_id, *result.outcome);
  ports_.wake();
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
  PartnerChange change = PartnerChange::kNone;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (model.ok()) model_ = *model;
    change = judge_.NoteProbe(model.status(), began);
  }
  AnnounceService(change, model.status());
  return ports_.clock.Now() + (model.ok() ? kProbeWhileServing : kProbeWhileAway);
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
  snapshot.service = SnapshotOf(judge_.Service());
  snapshot.archive = SnapshotOf(judge_.Archive());
  snapshot.model = model_;
  snapshot.counters = counters_;
  return snapshot;
}

absl::optional<WorkItem> Dispatcher::Find(const std::string& instance_id) const {
  return backlog_.Find(instance_id);
}

}  // namespace cxr::plugin
