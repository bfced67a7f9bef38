// SPDX-License-Identifier: Apache-2.0
#include "integration/conformance/fixed_classifier.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace cxr {
namespace {

constexpr int kMapSide = 14;

struct HotSpot {
  double x;  ///< centre and radius, as fractions of the map
  double y;
  double radius;
  double height;
};

constexpr std::array<HotSpot, 2> kHotSpots = {{{0.31, 0.36, 0.17, 1.0}, {0.74, 0.71, 0.10, 0.85}}};

ActivationMap Map(const GrayImage& image, Pattern pattern) {
  ActivationMap map{kMapSide, kMapSide, {}, {}, pattern};
  map.source_box = {0.05 * image.columns, 0.02 * image.rows, 0.9 * image.columns, 0.95 * image.rows};
  for (int y = 0; y < kMapSide; ++y) {
    for (int x = 0; x < kMapSide; ++x) {
      double value = 0;
      for (const HotSpot& spot : kHotSpots) {
        const double distance = std::hypot((x + 0.5) / kMapSide - spot.x, (y + 0.5) / kMapSide - spot.y) / spot.radius;
        value = std::max(value, spot.height * std::exp(-distance * distance / 2));
      }
      map.values.push_back(static_cast<float>(value));
    }
  }
  const float largest = *std::max_element(map.values.begin(), map.values.end());
  for (float& value : map.values) value /= largest;
  return map;
}

}  // namespace

FixedClassifier::FixedClassifier(const PatternProbabilities& answer)
    : answer_(answer),
      info_{{"conformance", "1.2.3", std::string(64, 'c')}, {1, 5, "children of one to five years"}, {0.3, 0.7}} {}

absl::StatusOr<Classification> FixedClassifier::Classify(const GrayImage& image, Stopwatch& /*stopwatch*/) const {
  Classification classification;
  classification.raw = classification.calibrated = answer_;
  classification.pneumonia_score = PneumoniaScore(classification.calibrated);
  classification.decision = Decide(classification.calibrated, info_.points);
  classification.map = Map(image, classification.decision.finding);
  return classification;
}

}  // namespace cxr
