// SPDX-License-Identifier: Apache-2.0
#include "service/core/orientation.h"

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

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

/// The way back.
Turn Inverse(const Turn& turn) {
  return turn.transposed ? Turn{true, turn.towards_head, turn.towards_right} : turn;
}

/// Of values that lie row by row: rows become columns. In blocks, for neighbours in the one are far apart in the other.
template <typename Value>
std::vector<Value> Transposed(const std::vector<Value>& from, int rows, int columns) {
  constexpr int kBlock = 64;
  const auto at = [](int y, int x, int width) {
    return static_cast<std::size_t>(y) * static_cast<std::size_t>(width) + static_cast<std::size_t>(x);
  };
  std::vector<Value> to(from.size());
  for (int top = 0; top < rows; top += kBlock) {
    for (int left = 0; left < columns; left += kBlock) {
      for (int y = top; y < std::min(top + kBlock, rows); ++y) {
        for (int x = left; x < std::min(left + kBlock, columns); ++x) to[at(x, y, rows)] = from[at(y, x, columns)];
      }
    }
  }
  return to;
}

/// Values, row by row, that lie as `turn` says, upright.
template <typename Value>
std::vector<Value> Turned(const std::vector<Value>& from, int rows, int columns, const Turn& turn) {
  std::vector<Value> upright = turn.transposed ? Transposed(from, rows, columns) : from;
  if (turn.towards_head && turn.towards_right) {
    std::reverse(upright.begin(), upright.end());
    return upright;
  }
  const std::ptrdiff_t width = turn.transposed ? rows : columns;
  if (turn.towards_right) {
    for (auto row = upright.begin(); row != upright.end(); row += width) std::reverse(row, row + width);
  }
  if (turn.towards_head) {
    for (auto row = upright.begin(), mirror = upright.end() - width; row < mirror; row += width, mirror -= width)
      std::swap_ranges(row, row + width, mirror);
  }
  return upright;
}

}  // namespace

Orientation ReadOrientation(absl::string_view rows, absl::string_view columns) {
  const Axis across = AxisOf(rows);
  const Axis down = AxisOf(columns);
  if (across == Axis::kNone || down == Axis::kNone || across == down) return {};
  if (across == Axis::kDepth || down == Axis::kDepth) return {OrientedView::kNotFrontal, {}};
  const bool transposed = across == Axis::kLength;
  const char sideways = (transposed ? columns : rows).front();
  const char lengthways = (transposed ? rows : columns).front();
  return {OrientedView::kFrontal, {transposed, sideways == 'R', lengthways == 'H'}};
}

GrayImage Upright(const GrayImage& image, const Turn& turn) {
  return {turn.transposed ? image.columns : image.rows, turn.transposed ? image.rows : image.columns,
          Turned(image.pixels, image.rows, image.columns, turn)};
}

ActivationMap InSource(ActivationMap upright, const Turn& turn, int source_rows, int source_columns) {
  if (turn == Turn{}) return upright;
  upright.values = Turned(upright.values, upright.rows, upright.columns, Inverse(turn));
  PixelBox& box = upright.source_box;
  if (turn.towards_right) box.left = (turn.transposed ? source_rows : source_columns) - box.left - box.width;
  if (turn.towards_head) box.top = (turn.transposed ? source_columns : source_rows) - box.top - box.height;
  if (turn.transposed) {
    std::swap(upright.rows, upright.columns);
    std::swap(box.left, box.top);
    std::swap(box.width, box.height);
  }
  return upright;
}

}  // namespace cxr
