// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <functional>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "plugin/core/availability.h"
#include "plugin/core/backlog.h"
#include "plugin/core/clock.h"
#include "plugin/core/instance_processor.h"
#include "service/base/backoff.h"

namespace cxr::plugin {

struct RepeatOptions {
  int max_attempts = 5;
  int max_losses = 3;  ///< connections lost with an instance in flight, after which it has failed
  Backoff backoff;
};

/// Whether a report changed what is known of a partner.
enum class PartnerChange { kNone, kWentAway, kCameBack };

/// What an attempt comes to.
struct Judgement {
  Verdict verdict = Verdict::kTransient;  ///< the attempt's own, or the partner's that is to blame for it
  absl::Status failure;  ///< not OK: this was the last attempt; with this error the instance has failed
};

/// Whether an instance with this verdict needs no more work. With any other it is tried again.
[[nodiscard]] bool Settles(Verdict verdict);

/// Hears of every call to the service and the archive, and decides from that whether an attempt may begin, and what one
/// comes to that did not settle its instance: the instance has failed, or waits for a partner, or steps back and is
/// tried again later. Calls nobody. Not thread-safe.
///
/// Neither the service being away nor trouble of the archive is counted against an instance. An instance with which the
/// connection to the service was lost steps back behind all others, and fails with reason SERVICE_LOST_WITH_IT after
/// max_losses of them. A file that cannot be read is the instance's own trouble only while others can be read.
class AttemptJudge {
 public:
  /// `random` gives 0 to 1.
  AttemptJudge(const RepeatOptions& options, const Clock& clock, std::function<double()> random);

  /// Whether an attempt may begin while so many are in flight.
  [[nodiscard]] bool MayBegin(absl::Time now, std::size_t in_flight) const;
  /// When a partner that is away may be called again; the infinite past when none is.
  [[nodiscard]] absl::Time NextCall() const;
  /// Whether a partner is away.
  [[nodiscard]] bool Troubled() const { return service_.Away() || archive_.Away(); }

  /// What an attempt tells of the service: to be heard before Judge.
  PartnerChange NoteService(const ProcessResult& result, absl::Time began);
  /// The service was asked for its model and answered thus.
  PartnerChange NoteProbe(const absl::Status& answer, absl::Time began);
  /// What an attempt, with the verdict of Judge, tells of the archive.
  PartnerChange NoteArchive(const ProcessResult& result, absl::Time began);
  /// A page of the change log could not be read or decided on; how long to wait before the next.
  [[nodiscard]] absl::Duration NotePageFailure(const absl::Status& error, absl::Time began);
  PartnerChange NotePage();

  [[nodiscard]] Judgement Judge(const WorkItem& item, const ProcessResult& result) const;

  /// Notes on `item` an attempt that does not settle it, and when the next may be made. True when the attempt counts
  /// against the instance.
  [[nodiscard]] bool StepBack(WorkItem& item, const ProcessResult& result) const;

  [[nodiscard]] const Availability& Service() const { return service_; }
  [[nodiscard]] const Availability& Archive() const { return archive_; }

 private:
  [[nodiscard]] bool HungWithTheService(const ProcessResult& result) const;
  [[nodiscard]] bool CountsAgainstIt(const WorkItem& item) const;

  const RepeatOptions options_;
  const Clock& clock_;
  std::function<double()> random_;
  Availability service_;
  Availability archive_;
  int page_failures_ = 0;
  absl::Time file_read_at_ = absl::InfinitePast();  ///< when a file of any instance was read last
};

}  // namespace cxr::plugin
