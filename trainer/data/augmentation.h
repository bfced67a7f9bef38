// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

namespace cxr {

enum class Augmentation {
  kNone,
  kGeometric,  ///< horizontal flip, rotation
  kFull,       ///< also scale, shift, gamma, contrast, brightness, loss of resolution or sharpening, noise, erased
               ///< rectangles
};

struct AugmentOptions {
  Augmentation strength = Augmentation::kFull;
  double jpeg_noise = 0;  ///< chance of being compressed as JPEG of a quality from 25 to 95 and read again
  double min_crop = 1;    ///< part of the area that a random crop keeps at least, resized to the whole; 1: no crop
};

/// Changes a network input (rows x columns values in -1..1) at random, as radiographs of the same patient might differ.
/// Used for training alone. The same `seed` gives the same image. Values stay in -1..1. Thread-safe.
void Augment(std::vector<float>& image, int rows, int columns, const AugmentOptions& options, std::uint64_t seed);

}  // namespace cxr
