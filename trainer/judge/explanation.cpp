// SPDX-License-Identifier: Apache-2.0
#include "trainer/judge/explanation.h"

#include <algorithm>
#include <cmath>
#include <opencv2/core.hpp>

#include "service/imaging/activation_field.h"
#include "trainer/judge/inference_pass.h"

namespace cxr {
namespace {

constexpr int kSide = 224;

Explanation ExplainOne(const LoadedModel& model, const FeatureBatch& features) {
  const HeadPass pass = model.network->Head(features);
  Explanation explanation;
  explanation.probabilities = Softmax(pass.logits()[0], model.manifest.temperature);
  explanation.finding = PatternAt(explanation.probabilities, model.manifest.sensitivity_operating_point);
  explanation.decision = Decide(explanation.probabilities, model.manifest.info.points);
  for (std::size_t label = 0; label < kPatternCount; ++label)
    explanation.maps[label] = pass.Maps({static_cast<int>(label)})[0];
  return explanation;
}

}  // namespace

absl::StatusOr<std::vector<Explanation>> ExplainImages(const LoadedModel& model,
                                                       const std::vector<LabelledImage>& images,
                                                       const RunContext& context) {
  std::vector<Explanation> explanations(images.size());
  const InputSize size{model.manifest.rows, model.manifest.columns};
  const absl::Status status = RunFeatures(
      *model.network, images.size(), "explain", context,
      [&](std::size_t index) { return LoadInput(context.reader, images[index], size); },
      [&](std::size_t index, const FeatureBatch& features) { explanations[index] = ExplainOne(model, features); });
  if (!status.ok()) return status;
  return explanations;
}

bool ThoraxMask::Holds(double x, double y) const {
  if (y < top || y > bottom) return false;
  const double half_width = top_half_width + (bottom_half_width - top_half_width) * (y - top) / (bottom - top);
  return std::abs(x - 0.5) <= half_width;
}

double ThoraxMask::Area() const {
  return (top_half_width + bottom_half_width) * (bottom - top);
}

absl::optional<double> ShareInside(const ClassMap& map, const ThoraxMask& mask) {
  const ActivationMap activation{map.rows, map.columns, map.values, {0, 0, kSide, kSide}, Pattern::kNormal};
  cv::Mat1f field = ActivationField(activation, {kSide, kSide});
  cv::max(field, 0.0, field);  // cubic interpolation swings below zero
  double inside = 0;
  double all = 0;
  for (int row = 0; row < kSide; ++row) {
    for (int column = 0; column < kSide; ++column) {
      const double value = field(row, column);
      all += value;
      if (mask.Holds((column + 0.5) / kSide, (row + 0.5) / kSide)) inside += value;
    }
  }
  if (all <= 0) return absl::nullopt;
  return inside / all;
}

bool PeakInside(const ClassMap& map, const ThoraxMask& mask) {
  const auto peak = static_cast<int>(std::max_element(map.values.begin(), map.values.end()) - map.values.begin());
  return mask.Holds((peak % map.columns + 0.5) / map.columns, (peak / map.columns + 0.5) / map.rows);
}

void AddThoraxShares(const std::vector<LabelledImage>& images, const std::vector<Explanation>& explanations,
                     Pattern pattern, const ThoraxMask& mask, ThoraxShares& shares) {
  for (std::size_t i = 0; i < images.size(); ++i) {
    if (images[i].label != pattern || explanations[i].finding != pattern) continue;
    const ClassMap& map = explanations[i].maps[static_cast<std::size_t>(pattern)];
    const auto share = ShareInside(map, mask);
    if (!share.has_value()) {
      ++shares.empty_maps;
      continue;
    }
    shares.inside.push_back(*share);
    shares.patients.push_back(images[i].patient);
    if (PeakInside(map, mask)) ++shares.peaks_inside;
  }
}

}  // namespace cxr
