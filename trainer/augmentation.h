// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

namespace cxr {

enum class Augmentation {
  kNone,
  kGeometric,  ///< horizontal flip, rotation
  kFull,       ///< also scale, shift, gamma, contrast, brightness, loss of resolution, noise, erased rectangles
};

/// Changes a network input (rows x columns values in -1..1) at random, as radiographs of the same patient might differ.
/// Used for training alone. The same `seed` gives the same picture. Values stay in -1..1. Thread-safe.
void Augment(std::vector<float>& picture, int rows, int columns, Augmentation strength, std::uint64_t seed);

}  // namespace cxr
