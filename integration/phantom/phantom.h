// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "service/core/image.h"

namespace cxr {

/// What the phantom shows.
struct PhantomOptions {
  int rows = 2048;             ///< 16 to 8192
  int columns = 2048;          ///< 16 to 8192
  std::uint64_t seed = 1;      ///< of the noise and of small variations in shape
  bool consolidation = false;  ///< a patchy opacity in the lower right lung (left in the image)
  bool bedside =
      false;  ///< collimated to the thorax, blurred and low in contrast, as bedside radiographs of small children
};

/// Draws a chest-like phantom, frontal view, as a display image: soft tissue, two lungs, ribs, clavicles, spine,
/// heart, diaphragm, trachea, the side marker R, and the word PHANTOM so that nobody takes it for a patient. Equal
/// options give equal pixels. Throws std::invalid_argument for sizes out of range.
[[nodiscard]] GrayImage DrawChestPhantom(const PhantomOptions& options);

}  // namespace cxr
