// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <orthanc/OrthancCPlugin.h>

#include <string>

#include "absl/status/statusor.h"
#include "absl/types/optional.h"
#include "plugin/core/position_store.h"

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

}  // namespace cxr::plugin
