// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <opencv2/core.hpp>
#include <string>
#include <vector>

#include "service/core/image.h"
#include "service/model/engine/inference_network.h"

namespace cxr {

/// One entry of a sheet: a film and a map of the same film.
struct SheetCell {
  GrayImage film;
  ClassMap map;                    ///< covers the film
  std::vector<std::string> lines;  ///< printable ASCII, drawn below
};

/// Draws a sheet for people: `title` lines on top, then the cells, four in a row, each the film and the film with the
/// map on it side by side, squashed to the square that the network sees. Returns CV_8UC3 in OpenCV's order (blue
/// first). Throws cv::Exception.
[[nodiscard]] cv::Mat3b DrawContactSheet(const std::vector<std::string>& title, const std::vector<SheetCell>& cells);

}  // namespace cxr
