// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <torch/torch.h>

#include "service/model/engine/inference_network.h"

namespace cxr {

/// What a FeatureBatch holds, for code that works with tensors itself (the trainer).
struct FeatureBatch::Impl {
  torch::Tensor maps;  ///< N x C x h x w, without gradient
};

}  // namespace cxr
