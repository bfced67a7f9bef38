// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <opencv2/core.hpp>
#include <string>
#include <vector>

#include "service/core/image.h"
#include "service/model/engine/inference_network.h"

namespace cxr {

/// One entry of a sheet: an image of a radiograph and a map of it.
struct SheetCell {
  GrayImage image;
  ClassMap map;                    ///< covers the image
  std::vector<std::string> lines;  ///< printable ASCII, drawn below
};

/// Draws a sheet for people: `title` lines on top, then the cells, four in a row, each the image and the image with the
/// map on it side by side, squashed to the square that the network sees. Returns CV_8UC3 in OpenCV's order (blue
/// first). Throws cv::Exception.
[[nodiscard]] cv::Mat3b DrawContactSheet(const std::vector<std::string>& title, const std::vector<SheetCell>& cells);

}  // namespace cxr
