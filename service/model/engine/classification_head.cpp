// SPDX-License-Identifier: Apache-2.0
#include "service/model/engine/classification_head.h"

#include <string>
#include <utility>

namespace cxr {

ClassificationHeadImpl::ClassificationHeadImpl(HeadOptions options) : options_(std::move(options)) {
  int width = options_.in_channels;
  std::vector<int> widths = options_.dense;
  widths.push_back(options_.classes);
  for (const int next : widths) {
    const std::string name = "linear" + std::to_string(layers_.size());
    layers_.push_back(register_module(name, torch::nn::Linear(width, next)));
    width = next;
  }
}

torch::Tensor ClassificationHeadImpl::Pool(const torch::Tensor& features) const {
  return options_.pooling == Pooling::kMax ? features.amax({2, 3}) : features.mean({2, 3});
}

torch::Tensor ClassificationHeadImpl::Classify(torch::Tensor pooled) {
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    if (i > 0) pooled = torch::relu(pooled);
    pooled = torch::dropout(pooled, options_.dropout, is_training());
    pooled = layers_[i](pooled);
  }
  return pooled;
}

}  // namespace cxr
