// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/types/optional.h"
#include "plugin/core/outcome.h"
#include "plugin/core/study_summary.h"
#include "plugin/core/worklist_index.h"

namespace cxr::plugin {

/// Keeps outcomes on instances, summaries on studies and the worklist's index, all inside the archive's own database.
/// Thread-safe; the caller keeps writers of one resource apart. Writing on a resource that does not exist is NOT_FOUND.
class OutcomeStore {
 public:
  virtual ~OutcomeStore() = default;

  /// Nothing when there is no outcome, or no such instance.
  [[nodiscard]] virtual absl::StatusOr<absl::optional<Outcome>> ReadOutcome(const std::string& instance_id) = 0;
  [[nodiscard]] virtual absl::Status WriteOutcome(const std::string& instance_id, const Outcome& outcome) = 0;

  /// Nothing when there is no summary, or no such study.
  [[nodiscard]] virtual absl::StatusOr<absl::optional<StudySummary>> ReadSummary(const std::string& study_id) = 0;
  [[nodiscard]] virtual absl::Status WriteSummary(const std::string& study_id, const StudySummary& summary) = 0;

  [[nodiscard]] virtual absl::StatusOr<WorklistIndex> ReadIndex() = 0;
  [[nodiscard]] virtual absl::Status WriteIndex(const WorklistIndex& index) = 0;
};

}  // namespace cxr::plugin
