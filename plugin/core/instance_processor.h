// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/optional.h"
#include "plugin/core/analysis_client.h"
#include "plugin/core/archive.h"
#include "plugin/core/backlog.h"
#include "plugin/core/clock.h"
#include "plugin/core/forwarding_policy.h"
#include "plugin/core/worklist.h"

namespace cxr::plugin {

enum class Verdict {
  kSettled,         ///< an outcome is on the instance
  kSettledEarlier,  ///< the outcome was there already
  kLeftOut,         ///< the policy does not send it
  kOwnResult,       ///< one of our results
  kGone,            ///< deleted meanwhile
  kServiceAway,     ///< try again once the service is back
  kServiceLost,     ///< the connection was lost with the instance in flight: it may be the reason
  kTransient,       ///< try again a bounded number of times
  kArchiveAway,     ///< the archive has trouble of its own: try again for as long as it takes
  kUnreadable,      ///< the archive does not give the file: its trouble, or the instance's
  kChanged,         ///< stored again with other content meanwhile: try again at once
  kStopped,         ///< we are stopping; nothing is known about the instance
};

struct ProcessResult {
  Verdict verdict = Verdict::kTransient;
  absl::Status error;               ///< why not settled, or why failed
  absl::optional<Outcome> outcome;  ///< present exactly for kSettled
  bool answered = false;            ///< the service answered the call, if only with a refusal
  bool service_failed = false;      ///< the call itself failed, so that `error` speaks of the service
  std::vector<std::string> stored;  ///< results in the archive that no outcome names yet
};

/// Takes one instance from the archive to its outcome. Thread-safe for different instances. Each step may be repeated
/// after a crash: result UIDs are deterministic, results are stored before the outcome, and an instance with an outcome
/// of its present content is not sent again.
///
/// The results of an instance are whole or absent: when one cannot be stored, or lies in another study than its source,
/// the others are removed. Results of a former content of the instance are removed before the new outcome is written; a
/// failed instance has no results at all.
class InstanceProcessor {
 public:
  struct Ports {
    InstanceSource& source;
    AnalysisClient& client;
    ResultStore& results;
    OutcomeStore& outcomes;
    Worklist& worklist;
    const Clock& clock;
  };

  InstanceProcessor(Ports ports, std::int64_t max_file_bytes) : ports_(ports), max_file_bytes_(max_file_bytes) {}

  [[nodiscard]] ProcessResult Process(const WorkItem& item);

  /// Writes the outcome "failed" after the last attempt, with the reason of `error` (ReasonOf).
  [[nodiscard]] ProcessResult GiveUp(const WorkItem& item, const absl::Status& error);

 private:
  /// What one attempt knows.
  struct Job {
    std::string instance_id;
    std::string study_id;
    SourceVersion source;             ///< of the content that is analysed
    std::vector<std::string> former;  ///< results of the instance's former content, Orthanc's identifiers
    bool content_changed = false;     ///< `former` speaks of other content than `source`
    std::vector<std::string> stored;  ///< as WorkItem::stored, and what this attempt stored
    std::vector<std::string> added;   ///< of `stored`, what was not there before this attempt
  };

  [[nodiscard]] absl::Status FindFormerResults(const absl::optional<Outcome>& earlier, Job& job);
  [[nodiscard]] absl::StatusOr<bool> SpeaksOfPresentContent(const std::string& instance_id, const Outcome& outcome);
  [[nodiscard]] ProcessResult Analyze(Job job);
  [[nodiscard]] ProcessResult StoreAndRecord(Job job, AnalysisResult result);
  [[nodiscard]] absl::Status StoreResult(const ProducedObject& object, Job& job, Outcome& outcome);
  [[nodiscard]] ProcessResult NotStored(Job job, const absl::Status& error);
  [[nodiscard]] ProcessResult RecordFailure(Job job, const absl::Status& error);
  [[nodiscard]] ProcessResult Record(const Job& job, Outcome outcome);
  /// Removes results and forgets those that are gone; the first error.
  absl::Status Remove(std::vector<std::string>& results);

  Ports ports_;
  std::int64_t max_file_bytes_;
};

}  // namespace cxr::plugin
