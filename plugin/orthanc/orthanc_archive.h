// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "plugin/core/archive.h"
#include "plugin/orthanc/rest_api.h"

namespace cxr::plugin {

/// The change log of Orthanc, GET /changes.
class OrthancChangeLog : public ChangeLog {
 public:
  explicit OrthancChangeLog(const RestApi& rest) : rest_(rest) {}

  [[nodiscard]] absl::StatusOr<ChangePage> Read(std::int64_t since, int limit) override;
  [[nodiscard]] absl::StatusOr<std::int64_t> Last() override;
  [[nodiscard]] absl::StatusOr<absl::optional<std::int64_t>> Oldest() override;

 private:
  const RestApi& rest_;
};

/// The archive's studies and instances over Orthanc's REST API: files are read as they are stored, and never decoded
/// here, for Orthanc up to 1.12.1 holds one global lock while it decodes.
class OrthancArchive : public InstanceSource, public ResultStore {
 public:
  explicit OrthancArchive(const RestApi& rest) : rest_(rest) {}

  [[nodiscard]] absl::StatusOr<SeriesFacts> ReadSeries(const std::string& instance_id) override;
  [[nodiscard]] absl::StatusOr<InstanceFacts> ReadInstance(const std::string& instance_id) override;
  [[nodiscard]] absl::StatusOr<bool> StoredByPlugin(const std::string& instance_id) override;
  [[nodiscard]] absl::StatusOr<std::string> ReceivedAt(const std::string& instance_id) override;
  [[nodiscard]] absl::StatusOr<std::string> ReadStorageId(const std::string& instance_id) override;
  [[nodiscard]] absl::StatusOr<SourceFile> ReadFile(const std::string& instance_id, std::int64_t max_bytes) override;
  [[nodiscard]] absl::StatusOr<StudyFacts> ReadStudy(const std::string& study_id) override;
  [[nodiscard]] absl::StatusOr<std::vector<SeriesListing>> ListSeries(std::size_t since, std::size_t limit) override;

  [[nodiscard]] absl::StatusOr<StoreReceipt> Store(const std::string& content) override;
  [[nodiscard]] absl::Status Remove(const std::string& instance_id) override;

 private:
  const RestApi& rest_;
};

}  // namespace cxr::plugin
