// SPDX-License-Identifier: Apache-2.0
#include "service/imaging/overlay.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <opencv2/imgproc.hpp>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "service/core/failure.h"
#include "service/imaging/activation_field.h"
#include "service/imaging/caption_painter.h"
#include "service/imaging/salient_regions.h"

namespace cxr {
namespace {

constexpr int kReadableLongSide = 512;

/// Pure scaling, so that film pixel (x, y) is found at (x, y) times the same factor in the picture.
cv::Size PictureSize(const GrayImage& film, int max_long_side) {
  const int long_side = std::max(film.rows, film.columns);
  const int target = std::clamp(long_side, std::min(kReadableLongSide, max_long_side), max_long_side);
  const auto scaled = [&](int side) {
    return std::max(1, static_cast<int>(std::lround(static_cast<double>(side) * target / long_side)));
  };
  return {scaled(film.columns), scaled(film.rows)};
}

cv::Mat3b ScaledFilm(const GrayImage& film, cv::Size size) {
  const cv::Mat1b source(film.rows, film.columns, const_cast<std::uint8_t*>(film.pixels.data()));  // read only
  cv::Mat1b scaled;
  const bool shrinks = size.width < film.columns || size.height < film.rows;
  cv::resize(source, scaled, size, 0, 0, shrinks ? cv::INTER_AREA : cv::INTER_CUBIC);
  cv::Mat3b picture;
  cv::cvtColor(scaled, picture, cv::COLOR_GRAY2RGB);
  return picture;
}

/// The box in pixels of a picture of `size`, at least one pixel, inside it.
cv::Rect BoxInPicture(const PixelBox& box, const GrayImage& film, cv::Size size) {
  const double x_scale = static_cast<double>(size.width) / film.columns;
  const double y_scale = static_cast<double>(size.height) / film.rows;
  const int left = std::clamp(static_cast<int>(std::lround(box.left * x_scale)), 0, size.width - 1);
  const int top = std::clamp(static_cast<int>(std::lround(box.top * y_scale)), 0, size.height - 1);
  const int right = std::clamp(static_cast<int>(std::lround((box.left + box.width) * x_scale)), left + 1, size.width);
  const int bottom = std::clamp(static_cast<int>(std::lround((box.top + box.height) * y_scale)), top + 1, size.height);
  return {left, top, right - left, bottom - top};
}

/// White on black, so that the line is seen on bright and dark film and under every colour.
void DrawRegions(const std::vector<Polygon>& regions, const GrayImage& film, cv::Mat3b picture) {
  constexpr int kFractionBits = 4;
  const double x_scale = static_cast<double>(picture.cols) / film.columns;
  const double y_scale = static_cast<double>(picture.rows) / film.rows;
  const auto fixed = [](double value) { return static_cast<int>(std::lround(value * (1 << kFractionBits))); };
  std::vector<std::vector<cv::Point>> outlines;
  for (const Polygon& region : regions) {
    std::vector<cv::Point> outline;
    // OpenCV counts from the centre of the top left pixel, DICOM from its corner.
    for (const PixelPoint& p : region) outline.emplace_back(fixed(p.x * x_scale - 0.5), fixed(p.y * y_scale - 0.5));
    outlines.push_back(std::move(outline));
  }
  const int unit = std::max(1, std::max(picture.cols, picture.rows) / 900);
  cv::polylines(picture, outlines, true, cv::Scalar(0, 0, 0), 3 * unit, cv::LINE_AA, kFractionBits);
  cv::polylines(picture, outlines, true, cv::Scalar(255, 255, 255), unit, cv::LINE_AA, kFractionBits);
}

RgbImage ToRgbImage(const cv::Mat3b& picture) {
  RgbImage image{picture.rows, picture.cols, {}};
  image.pixels.assign(picture.datastart, picture.dataend);  // a freshly made Mat is continuous
  return image;
}

absl::Status CheckFilm(const GrayImage& film) {
  if (film.rows >= 1 && film.columns >= 1 &&
      film.pixels.size() == static_cast<std::size_t>(film.rows) * static_cast<std::size_t>(film.columns)) {
    return absl::OkStatus();
  }
  return Failure(FailureReason::kInternal, absl::StrCat("The film to draw on has ", film.pixels.size(), " pixels; ",
                                                        film.rows, " x ", film.columns, " are expected."));
}

class CvOverlayRenderer final : public OverlayRenderer {
 public:
  explicit CvOverlayRenderer(const OverlayOptions& options) : options_(options), scale_(options.opacity) {}

  absl::StatusOr<std::vector<Polygon>> SalientRegions(const ActivationMap& map, int source_rows,
                                                      int source_columns) const override {
    absl::Status checked = CheckActivationMap(map, source_rows, source_columns);
    if (!checked.ok()) return checked;
    try {
      return FindSalientRegions(map, source_rows, source_columns, options_.threshold, options_.max_regions);
    } catch (const cv::Exception& error) {
      return Failure(FailureReason::kInternal, absl::StrCat("The salient regions cannot be found: ", error.what()));
    }
  }

  absl::StatusOr<RgbImage> Render(const GrayImage& film, const Analysis& analysis, MapDisplay map) const override {
    absl::Status checked = CheckFilm(film);
    if (!checked.ok()) return checked;
    if (!analysis.classification.has_value()) {
      return Failure(FailureReason::kInternal, "An analysis without classification cannot be drawn.");
    }
    if (map == MapDisplay::kShown) {
      checked = CheckActivationMap(analysis.classification->map, film.rows, film.columns);
      if (!checked.ok()) return checked;
    }
    try {
      return Draw(film, analysis, map);
    } catch (const cv::Exception& error) {
      return Failure(FailureReason::kInternal, absl::StrCat("The overlay cannot be drawn: ", error.what()));
    }
  }

 private:
  [[nodiscard]] RgbImage Draw(const GrayImage& film, const Analysis& analysis, MapDisplay map) const {
    const cv::Mat3b plain = ScaledFilm(film, PictureSize(film, options_.max_long_side));
    if (options_.layout == CaptureLayout::kOverlay) {
      DrawOverlay(film, analysis, map, plain);
      return ToRgbImage(plain);
    }
    cv::Mat3b both;
    cv::hconcat(plain, plain, both);
    DrawOverlay(film, analysis, map, both.colRange(plain.cols, both.cols));
    RgbImage image = ToRgbImage(both);
    image.copies = 2;
    return image;
  }

  /// Over `picture`, which is the scaled film.
  void DrawOverlay(const GrayImage& film, const Analysis& analysis, MapDisplay display, cv::Mat3b picture) const {
    if (display == MapDisplay::kShown) {
      const ActivationMap& map = analysis.classification->map;
      const cv::Rect box = BoxInPicture(map.source_box, film, picture.size());
      cv::Mat1b levels;
      ActivationField(map, box.size()).convertTo(levels, CV_8U, 255.0);  // saturates
      scale_.Blend(levels, picture(box));
      DrawRegions(analysis.salient_regions, film, picture);
    }
    PaintCaption(CaptionOf(analysis, display, options_.today ? options_.today() : std::string()), scale_, picture);
  }

  OverlayOptions options_;
  ColourScale scale_;
};

}  // namespace

std::string SystemDate() {
  return absl::FormatTime("%Y-%m-%d", absl::Now(), absl::LocalTimeZone());
}

std::unique_ptr<OverlayRenderer> MakeOverlayRenderer(const OverlayOptions& options) {
  return std::make_unique<CvOverlayRenderer>(options);
}

}  // namespace cxr
