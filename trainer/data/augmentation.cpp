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

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : random_(seed) {}
  double Between(double low, double high) { return std::uniform_real_distribution<double>(low, high)(random_); }
  bool Chance(double probability) { return Between(0, 1) < probability; }
  double Normal() { return std::normal_distribution<double>()(random_); }
  int Below(int count) { return std::uniform_int_distribution<int>(0, count - 1)(random_); }

 private:
  std::mt19937_64 random_;
};

void FlipAndWarp(cv::Mat& picture, bool full, Dice& dice) {
  const double angle = dice.Between(-10, 10);
  const double scale = full ? dice.Between(0.88, 1.12) : 1.0;
  const cv::Point2f center(static_cast<float>(picture.cols - 1) / 2, static_cast<float>(picture.rows - 1) / 2);
  cv::Mat warp = cv::getRotationMatrix2D(center, angle, scale);
  if (full) {
    warp.at<double>(0, 2) += dice.Between(-0.06, 0.06) * picture.cols;
    warp.at<double>(1, 2) += dice.Between(-0.06, 0.06) * picture.rows;
  }
  if (dice.Chance(0.5)) {
    // x -> columns - 1 - x, before everything else.
    const cv::Mat flip = (cv::Mat_<double>(3, 3) << -1, 0, picture.cols - 1, 0, 1, 0, 0, 0, 1);
    warp = warp * flip;
  }
  cv::Mat warped;
  cv::warpAffine(picture, warped, warp, picture.size(), cv::INTER_LINEAR, cv::BORDER_REPLICATE);
  warped.copyTo(picture);
}

void LoseResolution(cv::Mat& picture, Dice& dice) {
  const double factor = dice.Between(0.4, 0.9);
  cv::Mat small;
  cv::resize(picture, small, {}, factor, factor, cv::INTER_AREA);
  cv::resize(small, picture, picture.size(), 0, 0, cv::INTER_LINEAR);
}

/// Unsharp masking, as consoles and exports apply it: without it, sharper films of healthy children look ill.
void Sharpen(cv::Mat& picture, Dice& dice) {
  cv::Mat blurred;
  cv::GaussianBlur(picture, blurred, {}, dice.Between(0.7, 2.5));
  const double amount = dice.Between(0.3, 2.0);
  cv::addWeighted(picture, 1 + amount, blurred, -amount, 0, picture);
}

void ChangeIntensity(cv::Mat& picture, Dice& dice) {
  const auto gamma = static_cast<float>(std::exp(dice.Between(-0.4, 0.4)));
  const auto contrast = static_cast<float>(dice.Between(0.75, 1.25));
  const auto brightness = static_cast<float>(dice.Between(-0.1, 0.1));
  const float noise = dice.Chance(0.2) ? static_cast<float>(dice.Between(0, 0.04)) : 0;
  for (int row = 0; row < picture.rows; ++row) {
    auto* values = picture.ptr<float>(row);
    for (int x = 0; x < picture.cols; ++x) {
      const float unit = std::pow(std::clamp((values[x] + 1) / 2, 0.0F, 1.0F), gamma);
      values[x] = 2 * ((unit - 0.5F) * contrast + 0.5F + brightness) - 1;
      if (noise > 0) values[x] += noise * static_cast<float>(dice.Normal());
    }
  }
}

void Erase(cv::Mat& picture, Dice& dice) {
  const int height = static_cast<int>(dice.Between(0.1, 0.35) * picture.rows);
  const int width = static_cast<int>(dice.Between(0.1, 0.35) * picture.cols);
  const cv::Rect hole(dice.Below(picture.cols - width), dice.Below(picture.rows - height), width, height);
  picture(hole).setTo(dice.Between(-1, 1));
}

/// Keeps a part of random size, shape (sides 4:5 to 5:4) and place, and stretches it over the whole.
void Crop(cv::Mat& picture, double min_area, Dice& dice) {
  const double area = dice.Between(min_area, 1);
  const double shape = std::exp(dice.Between(-0.22, 0.22));
  const int width = std::clamp(static_cast<int>(std::sqrt(area * shape) * picture.cols), 1, picture.cols);
  const int height = std::clamp(static_cast<int>(std::sqrt(area / shape) * picture.rows), 1, picture.rows);
  const cv::Rect part(dice.Below(picture.cols - width + 1), dice.Below(picture.rows - height + 1), width, height);
  cv::Mat stretched;
  cv::resize(picture(part), stretched, picture.size(), 0, 0, cv::INTER_LINEAR);
  stretched.copyTo(picture);
}

/// Block edges and ringing as archives and exports leave them.
void CompressAsJpeg(cv::Mat& picture, Dice& dice) {
  const int quality = 25 + dice.Below(71);
  cv::Mat bytes;
  picture.convertTo(bytes, CV_8U, 127.5, 127.5);
  std::vector<std::uint8_t> file;
  cv::imencode(".jpg", bytes, file, {cv::IMWRITE_JPEG_QUALITY, quality});
  cv::imdecode(file, cv::IMREAD_GRAYSCALE).convertTo(bytes, CV_32F, 1 / 127.5, -1);
  bytes.copyTo(picture);
}

}  // namespace

void Augment(std::vector<float>& picture, int rows, int columns, const AugmentOptions& options, std::uint64_t seed) {
  Dice dice(seed);
  cv::Mat view(rows, columns, CV_32F, picture.data());  // shares the memory
  const bool full = options.strength == Augmentation::kFull;
  if (options.min_crop < 1) Crop(view, options.min_crop, dice);
  if (options.strength != Augmentation::kNone) FlipAndWarp(view, full, dice);
  if (full) {
    if (dice.Chance(0.25)) {
      LoseResolution(view, dice);
    } else if (dice.Chance(0.35)) {
      Sharpen(view, dice);
    }
    ChangeIntensity(view, dice);
  }
  if (options.jpeg_noise > 0 && dice.Chance(options.jpeg_noise)) CompressAsJpeg(view, dice);
  if (full && dice.Chance(0.25)) Erase(view, dice);
  for (float& value : picture) value = std::clamp(value, -1.0F, 1.0F);
}

}  // namespace cxr
