// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "service/core/image.h"

namespace cxr::test {

/// The kinds of generated image that are no chest radiograph: "noise", "gradient", "text" and "drawing" (a scene with
/// light and shadow, as a photograph has).
[[nodiscard]] const std::vector<std::string>& UnlikeKinds();

/// Draws one image of such a kind, 224 to 480 pixels a side. Equal arguments give equal pixels. Throws
/// std::invalid_argument for an unknown kind.
[[nodiscard]] GrayImage DrawUnlike(const std::string& kind, unsigned seed);

/// A quarter turn clockwise.
[[nodiscard]] GrayImage QuarterTurn(const GrayImage& image);

/// Black becomes white.
[[nodiscard]] GrayImage Inverted(const GrayImage& image);

}  // namespace cxr::test
