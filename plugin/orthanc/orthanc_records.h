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

/// The position as a decimal number, and the moment of the start, each in a global property.
class OrthancPositionStore : public PositionStore {
 public:
  OrthancPositionStore(GlobalProperty position, GlobalProperty start) : position_(position), start_(start) {}

  [[nodiscard]] absl::StatusOr<absl::optional<std::int64_t>> Load() override;
  [[nodiscard]] absl::Status Save(std::int64_t position) override;
  [[nodiscard]] absl::StatusOr<absl::optional<std::string>> LoadStart() override;
  [[nodiscard]] absl::Status SaveStart(const std::string& start) override;

 private:
  GlobalProperty position_;
  GlobalProperty start_;
};

/// Outcomes and summaries as user metadata, the list of recent studies as a global property. Existing metadata are
/// written over with If-Match, so that Orthanc's CheckRevisions may be on.
class OrthancOutcomeStore : public OutcomeStore {
 public:
  OrthancOutcomeStore(const RestApi& rest, int outcome_metadata, int summary_metadata, GlobalProperty recent_studies)
      : rest_(rest),
        outcome_metadata_(outcome_metadata),
        summary_metadata_(summary_metadata),
        recent_studies_(recent_studies) {}

  [[nodiscard]] absl::StatusOr<absl::optional<Outcome>> ReadOutcome(const std::string& instance_id) override;
  [[nodiscard]] absl::Status WriteOutcome(const std::string& instance_id, const Outcome& outcome) override;
  [[nodiscard]] absl::StatusOr<absl::optional<StudySummary>> ReadSummary(const std::string& study_id) override;
  [[nodiscard]] absl::Status WriteSummary(const std::string& study_id, const StudySummary& summary) override;
  [[nodiscard]] absl::StatusOr<std::vector<std::string>> ReadRecentStudies() override;
  [[nodiscard]] absl::Status WriteRecentStudies(const std::vector<std::string>& studies) override;

 private:
  [[nodiscard]] std::string OutcomeUri(const std::string& instance_id) const;
  [[nodiscard]] std::string SummaryUri(const std::string& study_id) const;
  [[nodiscard]] absl::Status WriteMetadata(const std::string& uri, const std::string& text) const;

  const RestApi& rest_;
  const int outcome_metadata_;
  const int summary_metadata_;
  GlobalProperty recent_studies_;
};

}  // namespace cxr::plugin
