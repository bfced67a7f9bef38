// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "absl/status/statusor.h"

namespace cxr::plugin {

struct StoreReceipt {
  std::string instance_id;  ///< Orthanc's identifier
  bool was_new = false;     ///< false when the archive had the object already
};

/// Stores results in the archive. Thread-safe.
class ResultStore {
 public:
  virtual ~ResultStore() = default;

  /// Stores one PS3.10 file. An object that is there already is success. FAILED_PRECONDITION when the archive's own
  /// filters refuse it, UNAVAILABLE when it could not be stored.
  [[nodiscard]] virtual absl::StatusOr<StoreReceipt> Store(const std::string& content) = 0;

  /// Removes what Store added. An object that is gone already is success.
  [[nodiscard]] virtual absl::Status Remove(const std::string& instance_id) = 0;
};

}  // namespace cxr::plugin
