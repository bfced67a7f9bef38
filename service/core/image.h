// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace cxr {

/// An 8-bit greyscale image as a radiologist would see it: 0 is black, 255 is white, after modality LUT, VOI LUT or
/// window, and MONOCHROME1 inversion. Serving and training both start from this type, so they cannot drift apart.
struct GrayImage {
  int rows = 0;
  int columns = 0;
  std::vector<std::uint8_t> pixels;  ///< rows x columns, row by row from the top left
  std::size_t padding_pixels = 0;    ///< how many of them are marked as padding: they are black and show nothing

  [[nodiscard]] bool empty() const { return pixels.empty(); }
};

/// An 8-bit RGB image, colour by pixel.
struct RgbImage {
  int rows = 0;
  int columns = 0;
  std::vector<std::uint8_t> pixels;  ///< rows x columns x 3, red green blue, row by row from the top left
  int copies = 1;                    ///< how often it shows the same radiograph, side by side and equally wide
};

/// A rectangle in source pixels; (0, 0) is the top left corner of the top left pixel (PS3.3 C.18.6.1.1).
struct PixelBox {
  double left = 0;
  double top = 0;
  double width = 0;
  double height = 0;
};

/// A point in source pixels, in the same frame as PixelBox: x is the column, y the row.
struct PixelPoint {
  double x = 0;
  double y = 0;
};

/// A closed polygon in source pixels; the first point is not repeated at the end.
using Polygon = std::vector<PixelPoint>;

}  // namespace cxr
