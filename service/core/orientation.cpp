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

/// Values, row by row, that lie as `turn` says, upright. In blocks, for a row of the one is a column of the other.
template <typename Value>
std::vector<Value> Turned(const std::vector<Value>& from, int rows, int columns, const Turn& turn) {
  constexpr int kBlock = 64;
  std::vector<Value> to(from.size());
  const std::ptrdiff_t width = turn.transposed ? rows : columns;
  const std::ptrdiff_t height = turn.transposed ? columns : rows;
  const std::ptrdiff_t across = turn.towards_right ? -1 : 1;
  const std::ptrdiff_t along = (turn.towards_head ? -1 : 1) * width;
  const std::ptrdiff_t first = (turn.towards_right ? width - 1 : 0) + (turn.towards_head ? (height - 1) * width : 0);
  const std::ptrdiff_t step_x = turn.transposed ? along : across;
  const std::ptrdiff_t step_y = turn.transposed ? across : along;
  for (int top = 0; top < rows; top += kBlock) {
    for (int left = 0; left < columns; left += kBlock) {
      for (int y = top; y < std::min(top + kBlock, rows); ++y) {
        const Value* source = &from[static_cast<std::size_t>(y) * static_cast<std::size_t>(columns)];
        for (int x = left; x < std::min(left + kBlock, columns); ++x)
          to[static_cast<std::size_t>(first + step_x * x + step_y * y)] = source[x];
      }
    }
  }
  return to;
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
