// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <orthanc/OrthancCPlugin.h>

#include <string>

#include "absl/status/statusor.h"
#include "absl/types/optional.h"
#include "plugin/core/archive.h"
#include "plugin/orthanc/rest_api.h"

namespace cxr::plugin {

/// One global property of Orthanc's database. Thread-safe.
class GlobalProperty {
 public:
  GlobalProperty(OrthancPluginContext* context, int id) : context_(context), id_(id) {}

  /// Nothing when it was never set; UNAVAILABLE when the database does not answer.
  [[nodiscard]] absl::StatusOr<absl::optional<std::string>> Read() const;
  [[nodiscard]] absl::Status Write(const std::string& value) const;

 private:
  OrthancPluginContext* context_;
  int id_;
};

/// The position, as a decimal number in a global property.
class OrthancPositionStore : public PositionStore {
 public:
  explicit OrthancPositionStore(GlobalProperty property) : property_(property) {}

  [[nodiscard]] absl::StatusOr<absl::optional<std::int64_t>> Load() override;
  [[nodiscard]] absl::Status Save(std::int64_t position) override;

 private:
  GlobalProperty property_;
};

/// Outcomes and summaries as user metadata, the worklist's index as a global property. Existing metadata are written
/// over with If-Match, so that Orthanc's CheckRevisions may be on.
class OrthancOutcomeStore : public OutcomeStore {
 public:
  OrthancOutcomeStore(const RestApi& rest, int outcome_metadata, int summary_metadata, GlobalProperty index)
      : rest_(rest), outcome_metadata_(outcome_metadata), summary_metadata_(summary_metadata), index_(index) {}

  [[nodiscard]] absl::StatusOr<absl::optional<Outcome>> ReadOutcome(const std::string& instance_id) override;
  [[nodiscard]] absl::Status WriteOutcome(const std::string& instance_id, const Outcome& outcome) override;
  [[nodiscard]] absl::StatusOr<absl::optional<StudySummary>> ReadSummary(const std::string& study_id) override;
  [[nodiscard]] absl::Status WriteSummary(const std::string& study_id, const StudySummary& summary) override;
  [[nodiscard]] absl::StatusOr<WorklistIndex> ReadIndex() override;
  [[nodiscard]] absl::Status WriteIndex(const WorklistIndex& index) override;

 private:
  [[nodiscard]] std::string OutcomeUri(const std::string& instance_id) const;
  [[nodiscard]] std::string SummaryUri(const std::string& study_id) const;
  [[nodiscard]] absl::Status WriteMetadata(const std::string& uri, const std::string& text) const;

  const RestApi& rest_;
  const int outcome_metadata_;
  const int summary_metadata_;
  GlobalProperty index_;
};

}  // namespace cxr::plugin
