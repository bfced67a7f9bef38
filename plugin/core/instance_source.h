// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"

namespace cxr::plugin {

/// What the archive's database knows about an instance without opening its file. The tags are those of the first
/// instance that came into the series.
struct SeriesFacts {
  std::string study_id;      ///< Orthanc's identifier
  std::string modality;      ///< (0008,0060)
  std::string manufacturer;  ///< (0008,0070)
};

/// What the instance says of itself.
struct InstanceFacts {
  std::string modality;      ///< (0008,0060)
  std::string manufacturer;  ///< (0008,0070)
  std::string body_part;     ///< (0018,0015)
};

/// What names a study in a worklist.
struct StudyFacts {
  std::string study_instance_uid;  ///< (0020,000D)
  std::string accession_number;    ///< (0008,0050)
  std::string study_date;          ///< (0008,0020)
  std::string patient_id;          ///< (0010,0020)
};

/// Reads the archive. Thread-safe. NOT_FOUND means that the resource does not exist (any more); every other error may
/// pass.
class InstanceSource {
 public:
  virtual ~InstanceSource() = default;

  [[nodiscard]] virtual absl::StatusOr<SeriesFacts> ReadSeries(const std::string& instance_id) = 0;
  [[nodiscard]] virtual absl::StatusOr<InstanceFacts> ReadInstance(const std::string& instance_id) = 0;

  /// True when the instance was stored by a plugin (metadata Origin).
  [[nodiscard]] virtual absl::StatusOr<bool> StoredByPlugin(const std::string& instance_id) = 0;

  /// The file as stored. A file of more than `max_bytes` is not read: a ServiceError with reason MESSAGE_TOO_LARGE.
  [[nodiscard]] virtual absl::StatusOr<std::string> ReadFile(const std::string& instance_id,
                                                             std::int64_t max_bytes) = 0;

  [[nodiscard]] virtual absl::StatusOr<StudyFacts> ReadStudy(const std::string& study_id) = 0;
};

}  // namespace cxr::plugin
