// SPDX-License-Identifier: Apache-2.0
#include "tests/support/unlike_images.h"

#include <cmath>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>
#include <stdexcept>

namespace cxr::test {
namespace {

cv::Mat1b Blank(cv::RNG& random) {
  const int rows = random.uniform(224, 480);
  const int columns = random.uniform(224, 480);
  return cv::Mat1b(rows, columns, static_cast<std::uint8_t>(random.uniform(0, 256)));
}

/// Uniform or normal, from pixel-fine to coarse.
cv::Mat1b DrawNoise(cv::RNG& random) {
  cv::Mat1b image = Blank(random);
  if (random.uniform(0, 2) == 0) {
    random.fill(image, cv::RNG::UNIFORM, 0, 256);
  } else {
    random.fill(image, cv::RNG::NORMAL, random.uniform(60, 200), random.uniform(20, 80));
  }
  if (random.uniform(0, 2) == 0) {
    cv::GaussianBlur(image, image, {}, random.uniform(0.7, 8.0));
    cv::normalize(image, image, 0, 255, cv::NORM_MINMAX);
  }
  return image;
}

/// Linear at any angle, or radial.
cv::Mat1b DrawGradient(cv::RNG& random) {
  cv::Mat1b image = Blank(random);
  const double angle = random.uniform(0.0, 2 * CV_PI);
  const bool radial = random.uniform(0, 2) == 0;
  const bool inwards = random.uniform(0, 2) == 0;
  const cv::Point2d center(random.uniform(0.2, 0.8), random.uniform(0.2, 0.8));
  for (int row = 0; row < image.rows; ++row) {
    for (int column = 0; column < image.cols; ++column) {
      const double x = static_cast<double>(column) / image.cols - center.x;
      const double y = static_cast<double>(row) / image.rows - center.y;
      const double level = radial ? 1.3 * std::hypot(x, y) : 0.5 + 0.7 * (x * std::cos(angle) + y * std::sin(angle));
      image(row, column) = cv::saturate_cast<std::uint8_t>(255 * (inwards ? 1 - level : level));
    }
  }
  return image;
}

/// A page of letters, dark on light or light on dark.
cv::Mat1b DrawText(cv::RNG& random) {
  cv::Mat1b image = Blank(random);
  const bool dark = random.uniform(0, 2) == 0;
  image.setTo(dark ? random.uniform(0, 60) : random.uniform(190, 256));
  const double scale = random.uniform(0.35, 1.2);
  for (int y = 20; y < image.rows; y += cvRound(34 * scale)) {
    std::string line;
    for (int i = 0; i < 40; ++i) line += random.uniform(0, 5) == 0 ? ' ' : static_cast<char>(random.uniform('A', 'z'));
    cv::putText(image, line, {random.uniform(0, 20), y}, cv::FONT_HERSHEY_SIMPLEX, scale, dark ? 230 : 25,
                random.uniform(1, 3), cv::LINE_AA);
  }
  return image;
}

void DrawHouse(cv::Mat1b& image, int horizon, cv::RNG& random) {
  const int width = random.uniform(image.cols / 6, image.cols / 3);
  const int left = random.uniform(0, image.cols - width);
  const int top = horizon - random.uniform(image.rows / 8, image.rows / 3);
  const int wall = random.uniform(60, 220);
  cv::rectangle(image, {left, top}, {left + width, horizon + image.rows / 12}, wall, cv::FILLED);
  const std::vector<cv::Point> roof = {{left - 8, top}, {left + width + 8, top}, {left + width / 2, top - width / 2}};
  cv::fillConvexPoly(image, roof, wall / 2, cv::LINE_AA);
  for (int x = left + width / 8; x + width / 6 < left + width; x += width / 3)
    cv::rectangle(image, {x, top + width / 8}, {x + width / 6, top + width / 3}, 255 - wall, cv::FILLED);
}

void DrawBall(cv::Mat1b& image, cv::RNG& random) {
  const cv::Point center(random.uniform(0, image.cols), random.uniform(image.rows / 2, image.rows));
  const int radius = random.uniform(10, image.rows / 6);
  const int light = random.uniform(120, 256);
  cv::ellipse(image, center + cv::Point(radius / 2, radius), {radius, radius / 4}, 0, 0, 360, 30, cv::FILLED);
  for (int r = radius; r > 0; --r)
    cv::circle(image, center - cv::Point((radius - r) / 3, (radius - r) / 3), r,
               light * (2 * radius - r) / (2 * radius), cv::FILLED);
}

/// Sky, ground, houses and balls with shading, and the grain of a sensor.
cv::Mat1b DrawScene(cv::RNG& random) {
  cv::Mat1b image = Blank(random);
  const int horizon = random.uniform(image.rows / 3, 2 * image.rows / 3);
  const int sky = random.uniform(120, 220);
  const int ground = random.uniform(40, 140);
  for (int row = 0; row < image.rows; ++row)
    image.row(row) = row < horizon ? sky + 35 * row / horizon : ground + 40 * (row - horizon) / image.rows;
  for (int i = random.uniform(1, 4); i > 0; --i) DrawHouse(image, horizon, random);
  for (int i = random.uniform(1, 6); i > 0; --i) DrawBall(image, random);
  cv::Mat grain(image.size(), CV_16S);
  random.fill(grain, cv::RNG::NORMAL, 0, 6);
  cv::add(image, grain, image, cv::noArray(), CV_8U);
  cv::GaussianBlur(image, image, {}, 0.8);
  return image;
}

GrayImage ToImage(const cv::Mat1b& image) {
  return {image.rows, image.cols, {image.begin(), image.end()}};
}

}  // namespace

const std::vector<std::string>& UnlikeKinds() {
  static const std::vector<std::string> kinds = {"noise", "gradient", "text", "drawing"};
  return kinds;
}

GrayImage DrawUnlike(const std::string& kind, unsigned seed) {
  cv::RNG random(seed * 2654435761U + 1);
  if (kind == "noise") return ToImage(DrawNoise(random));
  if (kind == "gradient") return ToImage(DrawGradient(random));
  if (kind == "text") return ToImage(DrawText(random));
  if (kind == "drawing") return ToImage(DrawScene(random));
  throw std::invalid_argument("no such kind of image: " + kind);
}

GrayImage QuarterTurn(const GrayImage& image) {
  GrayImage turned{image.columns, image.rows, std::vector<std::uint8_t>(image.pixels.size())};
  for (int row = 0; row < turned.rows; ++row) {
    for (int column = 0; column < turned.columns; ++column) {
      const auto target =
          static_cast<std::size_t>(row) * static_cast<std::size_t>(turned.columns) + static_cast<std::size_t>(column);
      const auto source = static_cast<std::size_t>(image.rows - 1 - column) * static_cast<std::size_t>(image.columns) +
                          static_cast<std::size_t>(row);
      turned.pixels[target] = image.pixels[source];
    }
  }
  return turned;
}

GrayImage Inverted(const GrayImage& image) {
  GrayImage inverted = image;
  for (std::uint8_t& pixel : inverted.pixels) pixel = static_cast<std::uint8_t>(255 - pixel);
  return inverted;
}

}  // namespace cxr::test
