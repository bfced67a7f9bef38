// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string>

#include "service/core/classification.h"
#include "service/dicom/write/source_context.h"

namespace cxr {

/// Where an activation map lies. A Parametric Map must have a frame of reference (PS3.3 A.75), a projection has none:
/// so each source image gets one of its own, whose origin is the top left corner of its top left pixel. Its axes follow
/// the image's Patient Orientation (C.7.6.1.1.1); an image that does not state one is taken as any frontal view is
/// hung: the patient's left to the right, head up. Lengths are millimetres in the plane in which the source states its
/// spacing; where it states none, a pixel is taken as one millimetre wide and high.
struct MapPlane {
  std::string frame_of_reference_uid;
  std::array<double, 2> spacing{};      ///< of the map: between rows, between columns
  std::array<double, 6> orientation{};  ///< direction of a row, then of a column (C.7.6.2.1.1)
  std::array<double, 3> position{};     ///< the centre of the map's top left value
  bool nominal = false;                 ///< whether the source states no spacing
};

/// The plane of `map`, which has rows, columns and a box.
[[nodiscard]] MapPlane LocateMap(const SourceContext& source, const ActivationMap& map);

}  // namespace cxr
