// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "tests/support/dicom_fixture.h"

namespace cxr::test {

DicomFixture FixtureOfImage(const GrayImage& image, int bits_stored, bool monochrome1) {
  DicomFixture fixture;
  fixture.rows = image.rows;
  fixture.columns = image.columns;
  fixture.bits_allocated = bits_stored <= 8 ? 8 : 16;
  fixture.bits_stored = bits_stored;
  fixture.photometric = monochrome1 ? "MONOCHROME1" : "MONOCHROME2";
  const int top = (1 << bits_stored) - 1;
  fixture.window = {(top + 1) / 2.0, top + 1.0};
  fixture.pixels.reserve(image.pixels.size());
  for (std::uint8_t value : image.pixels) {
    const int stored = (value * top + 127) / 255;
    fixture.pixels.push_back(monochrome1 ? top - stored : stored);
  }
  return fixture;
}

GrayImage AsymmetricImage(int rows, int columns) {
  GrayImage image{rows, columns, std::vector<std::uint8_t>(static_cast<std::size_t>(rows) * columns)};
  for (int y = 0; y < rows; ++y) {
    for (int x = 0; x < columns; ++x) {
      const bool square = y >= rows / 8 && y < rows * 3 / 8 && x >= columns / 8 && x < columns * 3 / 8;
      const int value = square ? 255 : 180 * x / std::max(1, columns - 1);
      image.pixels[static_cast<std::size_t>(y) * columns + x] = static_cast<std::uint8_t>(value);
    }
  }
  return image;
}

}  // namespace cxr::test
