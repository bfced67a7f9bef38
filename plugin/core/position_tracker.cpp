// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/core/position_tracker.h"

#include <algorithm>

namespace cxr::plugin {

void PositionTracker::MarkRead(std::int64_t sequence) {
  read_to_ = std::max(read_to_, sequence);
}

std::int64_t PositionTracker::Position() const {
  return open_.empty() ? read_to_ : std::min(read_to_, *open_.begin() - 1);
}

}  // namespace cxr::plugin
