// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/optional.h"
#include "nlohmann/json_fwd.hpp"
#include "plugin/core/outcome.h"

namespace cxr::plugin {

/// One instance of a study, as far as the worklist needs it.
struct SummaryEntry {
  std::string instance_id;
  OutcomeKind kind = OutcomeKind::kFailed;
  std::string finding;               ///< empty unless analysed
  std::string conclusion;            ///< empty unless analysed
  double score = 0;                  ///< 0 unless analysed
  std::vector<std::string> reasons;  ///< codes
  std::vector<std::string> results;  ///< Orthanc's identifiers of the stored results
  std::string source_sha256;         ///< SourceVersion::sha256 of the content that was analysed
};

/// What is known about the radiographs of one study, most urgent first.
class StudySummary {
 public:
  /// The most urgent instances are kept, so that no study, however large, outgrows a metadata.
  static constexpr std::size_t kMaxEntries = 200;

  /// Adds or replaces the entry of an instance.
  void Put(const std::string& instance_id, const Outcome& outcome);

  /// The entry of an instance; null when there is none.
  [[nodiscard]] const SummaryEntry* Find(const std::string& instance_id) const;

  [[nodiscard]] const std::vector<SummaryEntry>& Entries() const { return entries_; }

  /// The instance that decides the study's place in the worklist. The summary must not be empty.
  [[nodiscard]] const SummaryEntry& Headline() const { return entries_.front(); }

  [[nodiscard]] nlohmann::json ToJson() const;

  /// The inverse of ToJson; INVALID_ARGUMENT when `text` is not such a document or has no entry.
  [[nodiscard]] static absl::StatusOr<StudySummary> FromJson(const std::string& text);

 private:
  std::vector<SummaryEntry> entries_;
};

/// What an entry of the worklist shows of an instance: instance, outcome, finding, positive, conclusion, score and
/// reasons (codes).
[[nodiscard]] nlohmann::json EntryToJson(const SummaryEntry& entry);

/// True when `a` is more urgent than `b`: positives by falling score; then failures, which may hide a positive; then
/// the indeterminate and then negatives, each by falling score; then what the model does not apply to.
[[nodiscard]] bool MoreUrgent(const SummaryEntry& a, const SummaryEntry& b);

}  // namespace cxr::plugin
