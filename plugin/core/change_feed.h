// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "plugin/core/archive.h"

namespace cxr::plugin {

/// Changes read at once.
inline constexpr int kPageSize = 100;

/// The position to start from: where we stopped, or, on the first start, the present. What came in since `started`, the
/// moment the archive loaded us, belongs to the present: it may be stored before anybody can read the log. The position
/// of a first start is saved, so that a crash before the first instance does not make a second first start. The log's
/// dates are in whole seconds, so what was stored in the very second of the start counts as new.
[[nodiscard]] absl::StatusOr<std::int64_t> StartPosition(ChangeLog& log, PositionStore& positions, absl::Time started);

/// Whether the log announces the instance after `since`. Looks at a bounded number of changes and answers yes beyond
/// them.
[[nodiscard]] absl::StatusOr<bool> IsAnnouncedAfter(ChangeLog& log, std::int64_t since, const std::string& instance_id);

}  // namespace cxr::plugin
