// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/core/attempt_judge.h"

#include <algorithm>
#include <utility>

#include "plugin/core/service_error.h"

namespace cxr::plugin {
namespace {

constexpr char kLostWithIt[] = "SERVICE_LOST_WITH_IT";
constexpr char kFileNotReadable[] = "FILE_NOT_READABLE";

/// The service was called, so the archive gave the file.
bool FileWasRead(const ProcessResult& result) {
  return result.answered || result.service_failed || result.verdict == Verdict::kServiceAway ||
         result.verdict == Verdict::kServiceLost;
}

PartnerChange AwayIf(bool went_away) {
  return went_away ? PartnerChange::kWentAway : PartnerChange::kNone;
}

PartnerChange BackIf(bool came_back) {
  return came_back ? PartnerChange::kCameBack : PartnerChange::kNone;
}

}  // namespace

bool Settles(Verdict verdict) {
  switch (verdict) {
    case Verdict::kSettled:
    case Verdict::kSettledEarlier:
    case Verdict::kLeftOut:
    case Verdict::kOwnResult:
    case Verdict::kGone:
      return true;
    case Verdict::kServiceAway:
    case Verdict::kServiceLost:
    case Verdict::kTransient:
    case Verdict::kArchiveAway:
    case Verdict::kUnreadable:
    case Verdict::kChanged:
    case Verdict::kStopped:
      break;
  }
  return false;
}

AttemptJudge::AttemptJudge(const RepeatOptions& options, const Clock& clock, std::function<double()> random)
    : options_(options),
      clock_(clock),
      random_(std::move(random)),
      service_(options.backoff),
      archive_(options.backoff) {}

bool AttemptJudge::MayBegin(absl::Time now, std::size_t in_flight) const {
  return service_.MayCall(now, in_flight) && archive_.MayCall(now, in_flight);
}

absl::Time AttemptJudge::NextCall() const {
  return std::max(service_.NextCall(), archive_.NextCall());
}

PartnerChange AttemptJudge::NoteService(const ProcessResult& result, absl::Time began) {
  if (FileWasRead(result)) file_read_at_ = clock_.Now();
  if (result.verdict == Verdict::kServiceAway || result.verdict == Verdict::kServiceLost) {
    return AwayIf(service_.ReportAway(result.error, began, clock_.Now(), random_()));
  }
  if (result.answered) return BackIf(service_.ReportServing());
  if (result.service_failed) service_.ReportError(result.error, clock_.Now());
  return PartnerChange::kNone;
}

PartnerChange AttemptJudge::NoteProbe(const absl::Status& answer, absl::Time began) {
  // Whatever the error: a service that cannot name its model cannot be sent anything.
  if (!answer.ok()) return AwayIf(service_.ReportAway(answer, began, clock_.Now(), random_()));
  // An overloaded service answers this call too: only a call with work in it proves that there is room again.
  if (service_.State() == AvailabilityState::kOverloaded) return PartnerChange::kNone;
  return BackIf(service_.ReportServing());
}

PartnerChange AttemptJudge::NoteArchive(const ProcessResult& result, absl::Time began) {
  if (result.verdict == Verdict::kArchiveAway) {
    return AwayIf(archive_.ReportAway(result.error, began, clock_.Now(), random_()));
  }
  // Otherwise the archive was read, which does not tell whether it can be written.
  return Settles(result.verdict) ? BackIf(archive_.ReportServing()) : PartnerChange::kNone;
}

absl::Duration AttemptJudge::NotePageFailure(const absl::Status& error, absl::Time began) {
  (void)archive_.ReportAway(error, began, clock_.Now(), random_());
  return options_.backoff.Delay(page_failures_++, random_());
}

PartnerChange AttemptJudge::NotePage() {
  return std::exchange(page_failures_, 0) > 0 ? BackIf(archive_.ReportServing()) : PartnerChange::kNone;
}

Judgement AttemptJudge::Judge(const WorkItem& item, const ProcessResult& result) const {
  const bool last_attempt = item.attempts + 1 >= options_.max_attempts;
  switch (result.verdict) {
    case Verdict::kServiceLost:
      if (item.losses + 1 < options_.max_losses) return {result.verdict, absl::OkStatus()};
      return {result.verdict,
              ServiceError(result.error.code(), kLostWithIt,
                           "The connection to the service was lost each time this radiograph was with it.")};
    case Verdict::kUnreadable:
      if (!CountsAgainstIt(item)) return {Verdict::kArchiveAway, absl::OkStatus()};
      if (!last_attempt) return {result.verdict, absl::OkStatus()};
      return {result.verdict, ServiceError(result.error.code(), kFileNotReadable, result.error.message())};
    case Verdict::kTransient:
      if (HungWithTheService(result)) return {Verdict::kServiceAway, absl::OkStatus()};
      return {result.verdict, last_attempt ? result.error : absl::OkStatus()};
    default:
      return {result.verdict, absl::OkStatus()};
  }
}

bool AttemptJudge::HungWithTheService(const ProcessResult& result) const {
  // A deadline passes because of the instance or because the whole service hangs. The probe knows: while it fails too,
  // the instance is not to blame.
  return result.service_failed && absl::IsDeadlineExceeded(result.error) && service_.Away();
}

bool AttemptJudge::CountsAgainstIt(const WorkItem& item) const {
  // A file that cannot be read is the instance's own trouble when others could be read since it was tried last.
  return file_read_at_ > item.tried_at && item.tried_at != absl::InfinitePast();
}

bool AttemptJudge::StepBack(WorkItem& item, const ProcessResult& result) const {
  item.last_error = ReasonOf(result.error);
  item.stored = result.stored;
  item.tried_at = clock_.Now();
  const auto pause_for = [&](int n) { item.not_before = item.tried_at + options_.backoff.Delay(n, random_()); };
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

}  // namespace cxr::plugin
