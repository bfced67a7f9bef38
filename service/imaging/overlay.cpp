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
#include "service/base/failure.h"
#include "service/imaging/activation_field.h"
#include "service/imaging/caption_painter.h"
#include "service/imaging/opencv_guard.h"

namespace cxr {
namespace {

constexpr int kReadableLongSide = 512;

/// Pure scaling, so that pixel (x, y) of the radiograph lies at (x, y) times the same factor on the canvas.
cv::Size CanvasSize(const GrayImage& radiograph, int max_long_side) {
  const int long_side = std::max(radiograph.rows, radiograph.columns);
  const int target = std::clamp(long_side, std::min(kReadableLongSide, max_long_side), max_long_side);
  const auto scaled = [&](int side) {
    return std::max(1, static_cast<int>(std::lround(static_cast<double>(side) * target / long_side)));
  };
  return {scaled(radiograph.columns), scaled(radiograph.rows)};
}

cv::Mat3b Scaled(const GrayImage& radiograph, cv::Size size) {
  const cv::Mat1b source(radiograph.rows, radiograph.columns,
                         const_cast<std::uint8_t*>(radiograph.pixels.data()));  // read only
  cv::Mat1b scaled;
  const bool shrinks = size.width < radiograph.columns || size.height < radiograph.rows;
  cv::resize(source, scaled, size, 0, 0, shrinks ? cv::INTER_AREA : cv::INTER_CUBIC);
  cv::Mat3b canvas;
  cv::cvtColor(scaled, canvas, cv::COLOR_GRAY2RGB);
  return canvas;
}

/// The box in pixels of a canvas of `size`, at least one pixel, inside it.
cv::Rect BoxOnCanvas(const PixelBox& box, const GrayImage& radiograph, cv::Size size) {
  const double x_scale = static_cast<double>(size.width) / radiograph.columns;
  const double y_scale = static_cast<double>(size.height) / radiograph.rows;
  const int left = std::clamp(static_cast<int>(std::lround(box.left * x_scale)), 0, size.width - 1);
  const int top = std::clamp(static_cast<int>(std::lround(box.top * y_scale)), 0, size.height - 1);
  const int right = std::clamp(static_cast<int>(std::lround((box.left + box.width) * x_scale)), left + 1, size.width);
  const int bottom = std::clamp(static_cast<int>(std::lround((box.top + box.height) * y_scale)), top + 1, size.height);
  return {left, top, right - left, bottom - top};
}

/// White on black, so that the line is seen on bright and dark places and under every colour.
void DrawRegions(const std::vector<Polygon>& regions, const GrayImage& radiograph, cv::Mat3b canvas) {
  constexpr int kFractionBits = 4;
  const double x_scale = static_cast<double>(canvas.cols) / radiograph.columns;
  const double y_scale = static_cast<double>(canvas.rows) / radiograph.rows;
  const auto fixed = [](double value) { return static_cast<int>(std::lround(value * (1 << kFractionBits))); };
  std::vector<std::vector<cv::Point>> outlines;
  for (const Polygon& region : regions) {
    std::vector<cv::Point> outline;
    // OpenCV counts from the centre of the top left pixel, DICOM from its corner.
    for (const PixelPoint& p : region) outline.emplace_back(fixed(p.x * x_scale - 0.5), fixed(p.y * y_scale - 0.5));
    outlines.push_back(std::move(outline));
  }
  const int unit = std::max(1, std::max(canvas.cols, canvas.rows) / 900);
  cv::polylines(canvas, outlines, true, cv::Scalar(0, 0, 0), 3 * unit, cv::LINE_AA, kFractionBits);
  cv::polylines(canvas, outlines, true, cv::Scalar(255, 255, 255), unit, cv::LINE_AA, kFractionBits);
}

RgbImage ToRgbImage(const cv::Mat3b& canvas) {
  RgbImage image{canvas.rows, canvas.cols, {}};
  image.pixels.assign(canvas.datastart, canvas.dataend);  // a freshly made Mat is continuous
  return image;
}

absl::Status CheckImage(const GrayImage& radiograph) {
  if (radiograph.rows >= 1 && radiograph.columns >= 1 &&
      radiograph.pixels.size() ==
          static_cast<std::size_t>(radiograph.rows) * static_cast<std::size_t>(radiograph.columns)) {
    return absl::OkStatus();
  }
  return Failure(FailureReason::kInternal,
                 absl::StrCat("The image to draw on has ", radiograph.pixels.size(), " pixels; ", radiograph.rows,
                              " x ", radiograph.columns, " are expected."));
}

class CvOverlayRenderer final : public OverlayRenderer {
 public:
  explicit CvOverlayRenderer(const OverlayOptions& options) : options_(options), scale_(options.opacity) {}

  absl::StatusOr<std::vector<Polygon>> SalientRegions(const ActivationMap& map, int source_rows,
                                                      int source_columns) const override {
    absl::Status checked = CheckActivationMap(map, source_rows, source_columns);
    if (!checked.ok()) return checked;
    return GuardOpenCv("The salient regions cannot be found", [&]() -> absl::StatusOr<std::vector<Polygon>> {
      return FindSalientRegions(map, source_rows, source_columns, options_.threshold, options_.max_regions);
    });
  }

  absl::StatusOr<RgbImage> Render(const GrayImage& radiograph, const Analysis& analysis,
                                  MapDisplay map) const override {
    absl::Status checked = CheckImage(radiograph);
    if (!checked.ok()) return checked;
    if (!analysis.classification.has_value()) {
      return Failure(FailureReason::kInternal, "An analysis without classification cannot be drawn.");
    }
    if (map == MapDisplay::kShown) {
      checked = CheckActivationMap(analysis.classification->map, radiograph.rows, radiograph.columns);
      if (!checked.ok()) return checked;
    }
    return GuardOpenCv("The overlay cannot be drawn",
                       [&]() -> absl::StatusOr<RgbImage> { return Draw(radiograph, analysis, map); });
  }

 private:
  [[nodiscard]] RgbImage Draw(const GrayImage& radiograph, const Analysis& analysis, MapDisplay map) const {
    const cv::Mat3b plain = Scaled(radiograph, CanvasSize(radiograph, options_.max_long_side));
    if (options_.layout == CaptureLayout::kOverlay) {
      DrawOverlay(radiograph, analysis, map, plain);
      return ToRgbImage(plain);
    }
    cv::Mat3b both;
    cv::hconcat(plain, plain, both);
    DrawOverlay(radiograph, analysis, map, both.colRange(plain.cols, both.cols));
    RgbImage image = ToRgbImage(both);
    image.copies = 2;
    return image;
  }

  /// Over `canvas`, which is the scaled radiograph.
  void DrawOverlay(const GrayImage& radiograph, const Analysis& analysis, MapDisplay display, cv::Mat3b canvas) const {
    if (display == MapDisplay::kShown) {
      const ActivationMap& map = analysis.classification->map;
      const cv::Rect box = BoxOnCanvas(map.source_box, radiograph, canvas.size());
      cv::Mat1b levels;
      ActivationField(map, box.size()).convertTo(levels, CV_8U, 255.0);  // saturates
      scale_.Blend(levels, canvas(box));
      DrawRegions(analysis.salient_regions, radiograph, canvas);
    }
    PaintCaption(CaptionOf(analysis, display, options_.today ? options_.today() : std::string()), scale_, canvas);
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
