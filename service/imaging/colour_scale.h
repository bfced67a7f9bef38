// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <opencv2/core.hpp>

namespace cxr {

/// A perceptually uniform scale of colours that people with any colour vision can read (plasma, S. van der Walt and
/// N. Smith, 2015), and how much it covers. The scale is absolute: a level always has the same colour and opacity.
class ColourScale {
 public:
  /// `opacity` is that of an activation of 1, 0 to 1.
  explicit ColourScale(double opacity);

  /// Paints `field` (CV_8U, 255 is an activation of 1) over `canvas` (CV_8UC3, RGB) of the same size.
  void Blend(const cv::Mat1b& field, cv::Mat3b canvas) const;

  /// Paints the scale itself, opaque, from 0 at the left to 1 at the right.
  void DrawBar(cv::Mat3b canvas) const;

 private:
  struct Level {
    std::array<std::uint16_t, 3> premultiplied;  ///< red, green, blue times opacity, in 1/256
    std::uint16_t transparency;                  ///< in 1/256
  };
  std::array<cv::Vec3b, 256> colours_;
  std::array<Level, 256> levels_;
};

}  // namespace cxr
