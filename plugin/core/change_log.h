// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace cxr::plugin {

/// One entry of the archive's change log that announces a new instance.
struct NewInstance {
  std::int64_t sequence = 0;
  std::string instance_id;  ///< Orthanc's identifier
  std::string date;         ///< UTC, YYYYMMDDTHHMMSS
};

struct ChangePage {
  std::vector<NewInstance> instances;  ///< by rising sequence
  std::int64_t last = 0;               ///< every change up to this sequence has been read; never less than `since`
  bool done = false;                   ///< there is nothing after `last` yet
};

/// The archive's durable, ordered log of changes. Sequences rise and survive restarts; deleted instances leave gaps.
/// Thread-safe.
class ChangeLog {
 public:
  virtual ~ChangeLog() = default;

  /// At most `limit` changes of any kind after `since`; those that announce instances are returned.
  [[nodiscard]] virtual absl::StatusOr<ChangePage> Read(std::int64_t since, int limit) = 0;

  /// The newest sequence, 0 when nothing ever happened.
  [[nodiscard]] virtual absl::StatusOr<std::int64_t> Last() = 0;
};

}  // namespace cxr::plugin
