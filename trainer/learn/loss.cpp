// SPDX-License-Identifier: Apache-2.0
#include "trainer/learn/loss.h"

#include <array>
#include <cmath>

namespace cxr {

std::vector<float> ClassWeights(const std::vector<Sample>& samples, ClassBalance balance) {
  std::array<double, kPatternCount> counts{};
  for (const Sample& sample : samples) counts[static_cast<std::size_t>(sample.label)] += 1;
  std::vector<double> weights;
  double sum = 0;  // of the samples' weights
  for (const double count : counts) {
    double weight = 1;
    if (count > 0 && balance == ClassBalance::kSquareRoot) weight = 1 / std::sqrt(count);
    if (count > 0 && balance == ClassBalance::kFull) weight = 1 / count;
    weights.push_back(weight);
    sum += weight * count;
  }
  std::vector<float> scaled;
  for (const double weight : weights)
    scaled.push_back(static_cast<float>(weight * static_cast<double>(samples.size()) / sum));
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

}  // namespace cxr
