// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <vector>

namespace cxr {

enum class Pooling { kAverage, kMax };

struct HeadOptions {
  int in_channels = 1280;
  int classes = 3;
  Pooling pooling = Pooling::kAverage;
  std::vector<int> dense;  ///< widths of the ReLU layers between pooling and the last layer; usually none
  double dropout = 0.2;    ///< before every linear layer, while training
};

/// From a feature map to logits: global pooling, dense ReLU layers, one linear layer.
class ClassificationHeadImpl : public torch::nn::Module {
 public:
  explicit ClassificationHeadImpl(HeadOptions options);

  /// N x C x H x W to N x classes logits.
  torch::Tensor forward(const torch::Tensor& features) { return Classify(Pool(features)); }

  /// N x C x H x W to N x C.
  [[nodiscard]] torch::Tensor Pool(const torch::Tensor& features) const;

  /// N x C pooled features to N x classes logits.
  torch::Tensor Classify(torch::Tensor pooled);

  [[nodiscard]] const HeadOptions& options() const { return options_; }

  /// The linear layers in order; the last gives the logits.
  [[nodiscard]] const std::vector<torch::nn::Linear>& layers() const { return layers_; }

 private:
  HeadOptions options_;
  std::vector<torch::nn::Linear> layers_;
};
TORCH_MODULE(ClassificationHead);

}  // namespace cxr
