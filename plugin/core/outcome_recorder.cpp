// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/core/outcome_recorder.h"

namespace cxr::plugin {

absl::Status OutcomeRecorder::Record(const std::string& instance_id, const std::string& study_id,
                                     const Outcome& outcome) {
  absl::Status written = store_.WriteOutcome(instance_id, outcome);
  if (!written.ok()) return written;
  return Summarize(instance_id, study_id, outcome);
}

absl::Status OutcomeRecorder::Summarize(const std::string& instance_id, const std::string& study_id,
                                        const Outcome& outcome) {
  const std::lock_guard<std::mutex> lock(mutex_);
  absl::StatusOr<absl::optional<StudySummary>> read = store_.ReadSummary(study_id);
  if (!read.ok()) return read.status();
  StudySummary summary = read->value_or(StudySummary());
  summary.Put(instance_id, outcome);
  absl::Status written = store_.WriteSummary(study_id, summary);
  if (!written.ok()) return written;
  absl::StatusOr<WorklistIndex> index = store_.ReadIndex();
  if (!index.ok()) return index.status();
  return index->Touch(study_id, worklist_size_) ? store_.WriteIndex(*index) : absl::OkStatus();
}

}  // namespace cxr::plugin
