// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <vector>

#include "trainer/data/dataset.h"
#include "trainer/learn/train_options.h"

namespace cxr {

/// One weight per class by `balance`; their mean over the images is 1.
[[nodiscard]] std::vector<float> ClassWeights(const std::vector<LabelledImage>& images, ClassBalance balance);

/// Cross entropy with label smoothing, each image weighed by its class: a smoothed target spreads evenly over the
/// classes.
class Loss {
 public:
  Loss(const std::vector<float>& class_weights, double label_smoothing, const torch::Device& device);

  /// Mean over the batch; `logits` N x classes, `labels` N.
  [[nodiscard]] torch::Tensor operator()(const torch::Tensor& logits, const torch::Tensor& labels) const;

 private:
  torch::Tensor weights_;
  double smoothing_;
};

/// How the images of a batch are mixed (mixup, Zhang et al. 2018): image i becomes share x image i +
/// (1 - share) x image partner[i], and its loss is mixed likewise.
struct MixUp {
  double share = 1;
  torch::Tensor partner;
};

/// Draws the share from Beta(alpha, alpha), at least a half by exchanging partners, and a random partner for each of
/// `count` images. Follows from the seed alone. `alpha` is more than 0.
[[nodiscard]] MixUp DrawMixUp(std::int64_t count, double alpha, std::uint64_t seed, const torch::Device& device);

}  // namespace cxr
