// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "plugin/core/change_log.h"
#include "plugin/orthanc/rest_api.h"

namespace cxr::plugin {

/// The change log of Orthanc, GET /changes.
class OrthancChangeLog : public ChangeLog {
 public:
  explicit OrthancChangeLog(const RestApi& rest) : rest_(rest) {}

  [[nodiscard]] absl::StatusOr<ChangePage> Read(std::int64_t since, int limit) override;
  [[nodiscard]] absl::StatusOr<std::int64_t> Last() override;

 private:
  const RestApi& rest_;
};

}  // namespace cxr::plugin
