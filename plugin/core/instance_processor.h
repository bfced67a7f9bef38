// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/types/optional.h"
#include "plugin/core/analysis_client.h"
#include "plugin/core/archive.h"
#include "plugin/core/backlog.h"
#include "plugin/core/clock.h"
#include "plugin/core/forwarding_policy.h"
#include "plugin/core/outcome_recorder.h"

namespace cxr::plugin {

enum class Verdict {
  kSettled,         ///< an outcome is on the instance
  kSettledEarlier,  ///< the outcome was there already
  kLeftOut,         ///< the policy does not send it
  kOwnResult,       ///< one of our results
  kGone,            ///< deleted meanwhile
  kServiceAway,     ///< try again once the service is back
  kTransient,       ///< try again a bounded number of times
  kStopped,         ///< we are stopping; nothing is known about the instance
};

struct ProcessResult {
  Verdict verdict = Verdict::kTransient;
  absl::Status error;               ///< why not settled, or why failed
  absl::optional<Outcome> outcome;  ///< present exactly for kSettled
  bool answered = false;            ///< the service answered the call, if only with a refusal
  bool service_failed = false;      ///< the call itself failed, so that `error` speaks of the service
};

/// Takes one instance from the archive to its outcome. Thread-safe. Each step may be repeated after a crash: result
/// UIDs are deterministic, results are stored before the outcome, and an instance with an outcome is not sent again.
class InstanceProcessor {
 public:
  struct Ports {
    InstanceSource& source;
    AnalysisClient& client;
    ResultStore& results;
    OutcomeStore& outcomes;
    OutcomeRecorder& recorder;
    const Clock& clock;
  };

  InstanceProcessor(Ports ports, std::int64_t max_file_bytes) : ports_(ports), max_file_bytes_(max_file_bytes) {}

  [[nodiscard]] ProcessResult Process(const WorkItem& item);

  /// Writes the outcome "failed" after the last attempt.
  [[nodiscard]] ProcessResult GiveUp(const WorkItem& item, const absl::Status& error);

 private:
  [[nodiscard]] ProcessResult Analyze(const std::string& instance_id, const std::string& study_id);
  [[nodiscard]] ProcessResult StoreAndRecord(const std::string& instance_id, const std::string& study_id,
                                             AnalysisResult result);
  [[nodiscard]] ProcessResult RecordFailure(const std::string& instance_id, const std::string& study_id,
                                            const absl::Status& error);
  void RemoveOrphans(const std::vector<StoreReceipt>& receipts);

  Ports ports_;
  std::int64_t max_file_bytes_;
};

}  // namespace cxr::plugin
