// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <torch/torch.h>

#include <vector>

#include "trainer/data/dataset.h"
#include "trainer/learn/train_options.h"

namespace cxr {

/// One weight per class by `balance`; their mean over the samples is 1.
[[nodiscard]] std::vector<float> ClassWeights(const std::vector<Sample>& samples, ClassBalance balance);

/// Cross entropy with label smoothing, each picture weighed by its class: a smoothed target spreads evenly over the
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

}  // namespace cxr
