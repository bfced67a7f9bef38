// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <mutex>
#include <string>

#include "absl/status/status.h"
#include "plugin/core/archive.h"

namespace cxr::plugin {

/// Writes outcomes and what follows from them. Thread-safe: it is the only writer, one at a time.
class OutcomeRecorder {
 public:
  OutcomeRecorder(OutcomeStore& store, std::size_t worklist_size) : store_(store), worklist_size_(worklist_size) {}

  /// Writes the outcome on the instance, then its part of the study's summary, then the worklist. Repeating it is
  /// harmless. NOT_FOUND when the instance or its study is gone.
  [[nodiscard]] absl::Status Record(const std::string& instance_id, const std::string& study_id,
                                    const Outcome& outcome);

  /// The part of Record after the outcome itself: for an outcome that was written before a crash.
  [[nodiscard]] absl::Status Summarize(const std::string& instance_id, const std::string& study_id,
                                       const Outcome& outcome);

 private:
  OutcomeStore& store_;
  const std::size_t worklist_size_;
  std::mutex mutex_;  ///< keeps the read-modify-write of summary and index whole
};

}  // namespace cxr::plugin
