// SPDX-License-Identifier: Apache-2.0
#include "service/core/orientation.h"

namespace cxr {
namespace {

enum class Axis { kNone, kAcross, kDepth, kLength };

Axis AxisOf(absl::string_view direction) {
  if (direction.empty()) return Axis::kNone;
  switch (direction.front()) {
    case 'L':
    case 'R':
      return Axis::kAcross;
    case 'A':
    case 'P':
      return Axis::kDepth;
    case 'H':
    case 'F':
      return Axis::kLength;
    default:
      return Axis::kNone;
  }
}

}  // namespace

Orientation ReadOrientation(absl::string_view rows, absl::string_view columns) {
  const Axis across = AxisOf(rows);
  const Axis down = AxisOf(columns);
  if (across == Axis::kNone || down == Axis::kNone || across == down) return Orientation::kNotStated;
  if (across == Axis::kDepth || down == Axis::kDepth) return Orientation::kNotFrontal;
  return rows.front() == 'L' && columns.front() == 'F' ? Orientation::kUpright : Orientation::kTurned;
}

}  // namespace cxr
