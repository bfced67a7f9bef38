// SPDX-License-Identifier: Apache-2.0
#include "trainer/learn/loss.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <random>
#include <vector>

namespace cxr {

std::vector<float> ClassWeights(const std::vector<LabelledImage>& images, ClassBalance balance) {
  std::array<double, kPatternCount> counts{};
  for (const LabelledImage& image : images) counts[static_cast<std::size_t>(image.label)] += 1;
  std::vector<double> weights;
  double sum = 0;  // of the images' weights
  for (const double count : counts) {
    double weight = 1;
    if (count > 0 && balance == ClassBalance::kSquareRoot) weight = 1 / std::sqrt(count);
    if (count > 0 && balance == ClassBalance::kFull) weight = 1 / count;
    weights.push_back(weight);
    sum += weight * count;
  }
  std::vector<float> scaled;
  for (const double weight : weights)
    scaled.push_back(static_cast<float>(weight * static_cast<double>(images.size()) / sum));
  return scaled;
}

Loss::Loss(const std::vector<float>& class_weights, double label_smoothing, const torch::Device& device)
    : weights_(torch::tensor(class_weights).to(device)), smoothing_(label_smoothing) {}

torch::Tensor Loss::operator()(const torch::Tensor& logits, const torch::Tensor& labels) const {
  const torch::Tensor log_probabilities = torch::log_softmax(logits, 1);
  const torch::Tensor hit = log_probabilities.gather(1, labels.unsqueeze(1)).squeeze(1);
  const torch::Tensor spread = log_probabilities.mean(1);
  const torch::Tensor each = -((1 - smoothing_) * hit + smoothing_ * spread);
  return (each * weights_.index_select(0, labels)).mean();
}

MixUp DrawMixUp(std::int64_t count, double alpha, std::uint64_t seed, const torch::Device& device) {
  std::mt19937_64 random(seed);
  std::gamma_distribution<double> gamma(alpha, 1);
  const double one = gamma(random);
  const double other = gamma(random);
  MixUp mix;
  mix.share = one + other > 0 ? std::max(one, other) / (one + other) : 1;  // small alphas can underflow to 0 + 0
  std::vector<std::int64_t> partner(static_cast<std::size_t>(count));
  std::iota(partner.begin(), partner.end(), 0);
  std::shuffle(partner.begin(), partner.end(), random);
  mix.partner = torch::tensor(partner).to(device);
  return mix;
}

}  // namespace cxr
