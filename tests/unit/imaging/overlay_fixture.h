// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <opencv2/core.hpp>
#include <string>
#include <utility>
#include <vector>

#include "service/imaging/overlay.h"

// What the tests of overlays share: radiographs of one grey, maps, and analyses that have them.
namespace cxr::test {

inline GrayImage GrayRadiograph(int rows, int columns, std::uint8_t value = 90) {
  return {rows, columns,
          std::vector<std::uint8_t>(static_cast<std::size_t>(rows) * static_cast<std::size_t>(columns), value)};
}

inline ActivationMap Map(int rows, int columns, const GrayImage& radiograph) {
  ActivationMap map;
  map.rows = rows;
  map.columns = columns;
  map.values.assign(static_cast<std::size_t>(rows) * static_cast<std::size_t>(columns), 0.0F);
  map.source_box = {0, 0, static_cast<double>(radiograph.columns), static_cast<double>(radiograph.rows)};
  map.pattern = Pattern::kBacteria;
  return map;
}

inline void Set(ActivationMap& map, int row, int column, float value) {
  map.values[static_cast<std::size_t>(row) * static_cast<std::size_t>(map.columns) + static_cast<std::size_t>(column)] =
      value;
}

inline Analysis Positive(ActivationMap map) {
  Analysis analysis;
  analysis.outcome = Outcome::kAnalysed;
  analysis.model.identity = {"test-model", "1.2.3", std::string(64, 'a')};
  Classification classification;
  classification.calibrated = {0.8, 0.1, 0.1};
  classification.pneumonia_score = 0.9;
  classification.decision = {Conclusion::kPositive, Pattern::kBacteria, {0.5, 0.5}};
  classification.map = std::move(map);
  analysis.classification = std::move(classification);
  return analysis;
}

inline Analysis Normal(ActivationMap map) {
  Analysis analysis = Positive(std::move(map));
  analysis.classification->calibrated = {0.1, 0.8, 0.1};
  analysis.classification->pneumonia_score = 0.2;
  analysis.classification->decision = {Conclusion::kNegative, Pattern::kNormal, {0.5, 0.5}};
  return analysis;
}

inline Analysis Indeterminate(ActivationMap map) {
  Analysis analysis = Positive(std::move(map));
  analysis.classification->calibrated = {0.3, 0.4, 0.3};
  analysis.classification->pneumonia_score = 0.6;
  analysis.classification->decision = {Conclusion::kIndeterminate, Pattern::kBacteria, {0.4, 0.7}};
  return analysis;
}

inline RgbImage MustRender(const GrayImage& radiograph, const Analysis& analysis, const OverlayOptions& options,
                           MapDisplay map) {
  absl::StatusOr<RgbImage> image = MakeOverlayRenderer(options)->Render(radiograph, analysis, map);
  EXPECT_TRUE(image.ok()) << image.status();
  return image.ok() ? *std::move(image) : RgbImage{};
}

/// With the map if the finding is positive, as usual.
inline RgbImage MustRender(const GrayImage& radiograph, const Analysis& analysis, const OverlayOptions& options = {}) {
  const bool positive = analysis.classification.value().decision.positive();
  return MustRender(radiograph, analysis, options, positive ? MapDisplay::kShown : MapDisplay::kHidden);
}

inline std::vector<Polygon> MustFind(const ActivationMap& map, const GrayImage& radiograph,
                                     const OverlayOptions& options = {}) {
  absl::StatusOr<std::vector<Polygon>> regions =
      MakeOverlayRenderer(options)->SalientRegions(map, radiograph.rows, radiograph.columns);
  EXPECT_TRUE(regions.ok()) << regions.status();
  return regions.ok() ? *std::move(regions) : std::vector<Polygon>{};
}

inline cv::Point2d CentreOf(const Polygon& polygon, const GrayImage& radiograph) {
  cv::Point2d sum;
  for (const PixelPoint& point : polygon) sum += cv::Point2d(point.x, point.y);
  const auto n = static_cast<double>(polygon.size());
  return {sum.x / n / radiograph.columns, sum.y / n / radiograph.rows};
}

/// The pixels of an image, as OpenCV sees them; valid as long as the image.
inline cv::Mat3b AsMat(RgbImage& image) {
  return {image.rows, image.columns, reinterpret_cast<cv::Vec3b*>(image.pixels.data())};
}

/// How far a pixel is from grey.
inline int Spread(const cv::Vec3b& pixel) {
  return std::max({pixel[0], pixel[1], pixel[2]}) - std::min({pixel[0], pixel[1], pixel[2]});
}

}  // namespace cxr::test
