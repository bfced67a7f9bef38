// SPDX-License-Identifier: Apache-2.0
#include "service/imaging/colour_scale.h"

#include <cmath>
#include <opencv2/imgproc.hpp>

namespace cxr {
namespace {

constexpr double kOpacityExponent = 1.5;  // weak evidence leaves the radiograph readable

}  // namespace

ColourScale::ColourScale(double opacity) : colours_{}, levels_{} {
  cv::Mat1b ramp(1, 256);
  for (int level = 0; level < 256; ++level) ramp(0, level) = static_cast<std::uint8_t>(level);
  cv::Mat3b colours;
  cv::applyColorMap(ramp, colours, cv::COLORMAP_PLASMA);
  cv::cvtColor(colours, colours, cv::COLOR_BGR2RGB);
  for (int level = 0; level < 256; ++level) {
    const auto index = static_cast<std::size_t>(level);
    colours_[index] = colours(0, level);
    const int cover = static_cast<int>(std::lround(256.0 * opacity * std::pow(level / 255.0, kOpacityExponent)));
    levels_[index].transparency = static_cast<std::uint16_t>(256 - cover);
    for (int channel = 0; channel < 3; ++channel) {
      const int value = colours_[index][channel] * cover;
      levels_[index].premultiplied[static_cast<std::size_t>(channel)] = static_cast<std::uint16_t>(value);
    }
  }
}

void ColourScale::Blend(const cv::Mat1b& field, cv::Mat3b canvas) const {
  for (int y = 0; y < canvas.rows; ++y) {
    const std::uint8_t* activation = field[y];
    cv::Vec3b* pixel = canvas[y];
    for (int x = 0; x < canvas.cols; ++x) {
      const Level& level = levels_[activation[x]];
      for (int channel = 0; channel < 3; ++channel) {
        const unsigned under = static_cast<unsigned>(pixel[x][channel]) * level.transparency;
        pixel[x][channel] =
            static_cast<std::uint8_t>((under + level.premultiplied[static_cast<std::size_t>(channel)]) >> 8U);
      }
    }
  }
}

void ColourScale::DrawBar(cv::Mat3b canvas) const {
  for (int x = 0; x < canvas.cols; ++x) {
    const int level = canvas.cols > 1 ? x * 255 / (canvas.cols - 1) : 255;
    canvas.col(x).setTo(cv::Scalar(colours_[static_cast<std::size_t>(level)]));
  }
}

}  // namespace cxr
