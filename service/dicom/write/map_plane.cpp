// SPDX-License-Identifier: Apache-2.0
#include "service/dicom/write/map_plane.h"

#include <algorithm>
#include <utility>

#include "absl/strings/string_view.h"
#include "service/dicom/write/deterministic_uid.h"

namespace cxr {
namespace {

using Direction = std::array<double, 3>;

/// x grows to the patient's left, y to the back, z to the head (PS3.3 C.7.6.2.1.1).
absl::optional<Direction> DirectionOf(char letter) {
  switch (letter) {
    case 'L':
      return Direction{1, 0, 0};
    case 'R':
      return Direction{-1, 0, 0};
    case 'P':
      return Direction{0, 1, 0};
    case 'A':
      return Direction{0, -1, 0};
    case 'H':
      return Direction{0, 0, 1};
    case 'F':
      return Direction{0, 0, -1};
    default:
      return absl::nullopt;
  }
}

/// The directions of a row and of a column; of several letters the first says the most.
std::pair<Direction, Direction> Axes(absl::string_view patient_orientation) {
  const std::size_t split = patient_orientation.find('\\');
  if (split != absl::string_view::npos && split > 0 && split + 1 < patient_orientation.size()) {
    const absl::optional<Direction> row = DirectionOf(patient_orientation[0]);
    const absl::optional<Direction> column = DirectionOf(patient_orientation[split + 1]);
    if (row.has_value() && column.has_value()) {
      const double overlap = (*row)[0] * (*column)[0] + (*row)[1] * (*column)[1] + (*row)[2] * (*column)[2];
      if (overlap == 0) return {*row, *column};
    }
  }
  return {*DirectionOf('L'), *DirectionOf('F')};
}

}  // namespace

MapPlane LocateMap(const SourceContext& source, const ActivationMap& map) {
  const auto& stated = source.pixel_spacing.has_value() ? source.pixel_spacing : source.imager_pixel_spacing;
  const auto [between_rows, between_columns] = stated.value_or(std::make_pair(1.0, 1.0));
  const PixelBox& box = map.source_box;
  MapPlane plane;
  plane.frame_of_reference_uid =
      DeterministicUid({"frame of reference", source.identity.sop_instance_uid, source.content_digest});
  plane.nominal = !stated.has_value();
  plane.spacing = {between_rows * box.height / map.rows, between_columns * box.width / map.columns};
  const auto [row, column] = Axes(source.patient_orientation);
  std::copy(row.begin(), row.end(), plane.orientation.begin());
  std::copy(column.begin(), column.end(), plane.orientation.begin() + 3);
  const double right = box.left * between_columns + plane.spacing[1] / 2;
  const double down = box.top * between_rows + plane.spacing[0] / 2;
  for (std::size_t axis = 0; axis < 3; ++axis) plane.position[axis] = right * row[axis] + down * column[axis];
  return plane;
}

}  // namespace cxr
