// SPDX-License-Identifier: Apache-2.0
#include "trainer/data/augmentation.h"

#include <algorithm>
#include <cmath>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <random>

namespace cxr {
namespace {

/// Random numbers of one image.
class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}
  double Between(double low, double high) { return std::uniform_real_distribution<double>(low, high)(engine_); }
  bool Chance(double probability) { return Between(0, 1) < probability; }
  double Normal() { return std::normal_distribution<double>()(engine_); }
  int Below(int count) { return std::uniform_int_distribution<int>(0, count - 1)(engine_); }

 private:
  std::mt19937_64 engine_;
};

void FlipAndWarp(cv::Mat& image, bool full, Random& random) {
  const double angle = random.Between(-10, 10);
  const double scale = full ? random.Between(0.88, 1.12) : 1.0;
  const cv::Point2f center(static_cast<float>(image.cols - 1) / 2, static_cast<float>(image.rows - 1) / 2);
  cv::Mat warp = cv::getRotationMatrix2D(center, angle, scale);
  if (full) {
    warp.at<double>(0, 2) += random.Between(-0.06, 0.06) * image.cols;
    warp.at<double>(1, 2) += random.Between(-0.06, 0.06) * image.rows;
  }
  if (random.Chance(0.5)) {
    // x -> columns - 1 - x, before everything else.
    const cv::Mat flip = (cv::Mat_<double>(3, 3) << -1, 0, image.cols - 1, 0, 1, 0, 0, 0, 1);
    warp = warp * flip;
  }
  cv::Mat warped;
  cv::warpAffine(image, warped, warp, image.size(), cv::INTER_LINEAR, cv::BORDER_REPLICATE);
  warped.copyTo(image);
}

void LoseResolution(cv::Mat& image, Random& random) {
  const double factor = random.Between(0.4, 0.9);
  cv::Mat small;
  cv::resize(image, small, {}, factor, factor, cv::INTER_AREA);
  cv::resize(small, image, image.size(), 0, 0, cv::INTER_LINEAR);
}

/// Unsharp masking, as consoles and exports apply it: without it, sharper radiographs of healthy children look ill.
void Sharpen(cv::Mat& image, Random& random) {
  cv::Mat blurred;
  cv::GaussianBlur(image, blurred, {}, random.Between(0.7, 2.5));
  const double amount = random.Between(0.3, 2.0);
  cv::addWeighted(image, 1 + amount, blurred, -amount, 0, image);
}

void ChangeIntensity(cv::Mat& image, Random& random) {
  const auto gamma = static_cast<float>(std::exp(random.Between(-0.4, 0.4)));
  const auto contrast = static_cast<float>(random.Between(0.75, 1.25));
  const auto brightness = static_cast<float>(random.Between(-0.1, 0.1));
  const float noise = random.Chance(0.2) ? static_cast<float>(random.Between(0, 0.04)) : 0;
  for (int row = 0; row < image.rows; ++row) {
    auto* values = image.ptr<float>(row);
    for (int x = 0; x < image.cols; ++x) {
      const float unit = std::pow(std::clamp((values[x] + 1) / 2, 0.0F, 1.0F), gamma);
      values[x] = 2 * ((unit - 0.5F) * contrast + 0.5F + brightness) - 1;
      if (noise > 0) values[x] += noise * static_cast<float>(random.Normal());
    }
  }
}

void Erase(cv::Mat& image, Random& random) {
  const int height = static_cast<int>(random.Between(0.1, 0.35) * image.rows);
  const int width = static_cast<int>(random.Between(0.1, 0.35) * image.cols);
  const cv::Rect hole(random.Below(image.cols - width), random.Below(image.rows - height), width, height);
  image(hole).setTo(random.Between(-1, 1));
}

/// Keeps a part of random size, shape (sides 4:5 to 5:4) and place, and stretches it over the whole.
void Crop(cv::Mat& image, double min_area, Random& random) {
  const double area = random.Between(min_area, 1);
  const double shape = std::exp(random.Between(-0.22, 0.22));
  const int width = std::clamp(static_cast<int>(std::sqrt(area * shape) * image.cols), 1, image.cols);
  const int height = std::clamp(static_cast<int>(std::sqrt(area / shape) * image.rows), 1, image.rows);
  const cv::Rect part(random.Below(image.cols - width + 1), random.Below(image.rows - height + 1), width, height);
  cv::Mat stretched;
  cv::resize(image(part), stretched, image.size(), 0, 0, cv::INTER_LINEAR);
  stretched.copyTo(image);
}

/// Block edges and ringing as archives and exports leave them.
void CompressAsJpeg(cv::Mat& image, Random& random) {
  const int quality = 25 + random.Below(71);
  cv::Mat bytes;
  image.convertTo(bytes, CV_8U, 127.5, 127.5);
  std::vector<std::uint8_t> file;
  cv::imencode(".jpg", bytes, file, {cv::IMWRITE_JPEG_QUALITY, quality});
  cv::imdecode(file, cv::IMREAD_GRAYSCALE).convertTo(bytes, CV_32F, 1 / 127.5, -1);
  bytes.copyTo(image);
}

}  // namespace

void Augment(std::vector<float>& image, int rows, int columns, const AugmentOptions& options, std::uint64_t seed) {
  Random random(seed);
  cv::Mat view(rows, columns, CV_32F, image.data());  // shares the memory
  const bool full = options.strength == Augmentation::kFull;
  if (options.min_crop < 1) Crop(view, options.min_crop, random);
  if (options.strength != Augmentation::kNone) FlipAndWarp(view, full, random);
  if (full) {
    if (random.Chance(0.25)) {
      LoseResolution(view, random);
    } else if (random.Chance(0.35)) {
      Sharpen(view, random);
    }
    ChangeIntensity(view, random);
  }
  if (options.jpeg_noise > 0 && random.Chance(options.jpeg_noise)) CompressAsJpeg(view, random);
  if (full && random.Chance(0.25)) Erase(view, random);
  for (float& value : image) value = std::clamp(value, -1.0F, 1.0F);
}

}  // namespace cxr
