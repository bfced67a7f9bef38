// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/types/optional.h"

namespace cxr::plugin {

/// Keeps the position in the change log, inside the archive's own database. Thread-safe.
class PositionStore {
 public:
  virtual ~PositionStore() = default;

  /// The position saved last, or nothing on the first start. An unreadable position is an error, never a first start.
  [[nodiscard]] virtual absl::StatusOr<absl::optional<std::int64_t>> Load() = 0;

  [[nodiscard]] virtual absl::Status Save(std::int64_t position) = 0;
};

}  // namespace cxr::plugin
