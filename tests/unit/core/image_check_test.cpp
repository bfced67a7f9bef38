// SPDX-License-Identifier: Apache-2.0
#include "service/core/image_check.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace cxr::test {
namespace {

using Level = std::function<int(int row, int column)>;

GrayImage Draw(int rows, int columns, const Level& level) {
  GrayImage image{rows, columns, {}};
  image.pixels.reserve(static_cast<std::size_t>(rows) * static_cast<std::size_t>(columns));
  for (int row = 0; row < rows; ++row) {
    for (int column = 0; column < columns; ++column)
      image.pixels.push_back(static_cast<std::uint8_t>(std::clamp(level(row, column), 0, 255)));
  }
  return image;
}

bool InSquare(int row, int column, int size) {
  return row >= 10 && row < 10 + size && column >= 20 && column < 20 + size;
}

/// Lines of letters of `stroke` pixels: strokes in groups, with spaces between words and between lines.
Level Text(int stroke, int ink, int ground) {
  return [=](int row, int column) {
    const bool line = row / stroke % 18 < 9;
    const bool word = column / stroke % 40 < 30;
    const bool bar = column / stroke % 3 == 0 || (row / stroke % 18 == 4 && column / stroke % 7 < 5);
    return line && word && bar ? ink : ground;
  };
}

/// A shape as soft as tissue, in noise, on `ground`: what a small child on a large detector looks like.
Level Field(int rows, int columns, double width, int ground) {
  auto noise = std::make_shared<std::minstd_rand>(7);
  return [=](int row, int column) {
    const double y = (row - rows * 0.5) / (rows * width / 2);
    const double x = (column - columns * 0.5) / (columns * width / 2);
    if (std::abs(x) > 1 || std::abs(y) > 1) return ground;
    return static_cast<int>(120 + 80 * std::sin(3 * x) * std::cos(2 * y)) + static_cast<int>((*noise)() % 16);
  };
}

struct Case {
  const char* name;
  GrayImage image;
  ReasonCode reason;
};

std::vector<Case> Nothings() {
  GrayImage padded = Draw(200, 200, Field(200, 200, 1, 0));
  padded.padding_pixels = 39000;
  return {
      {"Black", Draw(300, 200, [](int, int) { return 0; }), ReasonCode::kNoContrast},
      {"White", Draw(300, 200, [](int, int) { return 255; }), ReasonCode::kNoContrast},
      {"Grey", Draw(300, 200, [](int, int) { return 131; }), ReasonCode::kNoContrast},
      {"AlmostOneGreyValue", Draw(300, 200, [](int row, int column) { return 90 + (row * 7 + column * 3) % 12; }),
       ReasonCode::kNoContrast},
      {"BlackWithAHotPixel", Draw(300, 200, [](int y, int x) { return y == 7 && x == 9 ? 255 : 0; }),
       ReasonCode::kNoContrast},
      {"BlackWithABurnedInMarker", Draw(300, 200, [](int y, int x) { return InSquare(y, x, 30) ? 255 : 0; }),
       ReasonCode::kNoContrast},
      {"BlackWithALabel", Draw(300, 200, [](int y, int x) { return InSquare(y, x, 50) ? 255 : 0; }),
       ReasonCode::kMostlyPadding},
      {"WhiteBesideASliver", Draw(300, 200, [](int, int x) { return x < 6 ? x * 30 : 255; }),
       ReasonCode::kMostlyPadding},
      {"MarkedAsPadding", std::move(padded), ReasonCode::kMostlyPadding},
      {"DarkText", Draw(800, 600, Text(3, 20, 240)), ReasonCode::kTextPage},
      {"LightText", Draw(800, 600, Text(3, 255, 0)), ReasonCode::kTextPage},
      {"SmallText", Draw(128, 128, Text(1, 200, 0)), ReasonCode::kTextPage},
      {"LargeText", Draw(3000, 2400, Text(10, 0, 255)), ReasonCode::kTextPage},
      {"NoPixels", GrayImage{}, ReasonCode::kNoContrast},
  };
}

TEST(AssessImage, WhatShowsNothingIsNotApplicableWithItsReason) {
  for (const Case& nothing : Nothings()) {
    const Applicability judged = AssessImage(nothing.image);
    EXPECT_EQ(judged.outcome, Outcome::kNotApplicable) << nothing.name;
    ASSERT_EQ(judged.reasons.size(), 1u) << nothing.name;
    EXPECT_EQ(ReasonCodeName(judged.reasons[0].code), ReasonCodeName(nothing.reason)) << nothing.name;
    EXPECT_EQ(judged.reasons[0].message.back(), '.') << nothing.name;
  }
}

TEST(AssessImage, SaysHowMuchOfTheImageIsPadding) {
  GrayImage image = Draw(200, 200, Field(200, 200, 1, 0));
  image.padding_pixels = 39400;
  EXPECT_EQ(AssessImage(image).reasons.at(0).message,
            "98.5 % of the image is marked as padding, so there is next to nothing to analyse.");
}

TEST(AssessImage, ImagesOfSomethingPass) {
  GrayImage padded = Draw(400, 400, Field(400, 400, 0.4, 0));
  padded.padding_pixels = 400 * 400 * 84 / 100;
  const auto marked = [](const Level& level) {
    return [=](int y, int x) { return y < 20 ? Text(2, 255, 0)(y + 36, x) : level(y, x); };
  };
  const std::pair<const char*, GrayImage> images[] = {
      {"whole detector", Draw(2048, 2048, Field(2048, 2048, 1, 0))},
      {"small field on black", Draw(400, 300, Field(400, 300, 0.4, 0))},
      {"small field on white", Draw(400, 300, Field(400, 300, 0.4, 255))},
      {"small field in a thumbnail", Draw(128, 128, Field(128, 128, 0.3, 0))},
      {"field under a line of text", Draw(800, 800, marked(Field(800, 800, 0.6, 0)))},
      {"field in marked padding", padded},
      {"faint", Draw(400, 300, [](int y, int x) { return 100 + (y + x) / 30; })},
      {"one row", Draw(1, 300, [](int, int x) { return x; })},
  };
  for (const auto& [name, image] : images) {
    const Applicability judged = AssessImage(image);
    EXPECT_EQ(judged.outcome, Outcome::kAnalysed)
        << name << ": " << (judged.reasons.empty() ? "" : judged.reasons[0].message);
  }
}

}  // namespace
}  // namespace cxr::test
