// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <torch/torch.h>

#include <vector>

#include "trainer/judge/metrics.h"

namespace cxr {

/// Appends what the network says of a batch: softmax of `logits` (N x classes), and the class with the largest one.
/// `labels` has N values.
void AppendPredictions(const torch::Tensor& logits, const torch::Tensor& labels, std::vector<Prediction>& predictions);

/// Predictions as one tensor (N x 4: label, then probabilities), for a checkpoint, and back.
[[nodiscard]] torch::Tensor PackPredictions(const std::vector<Prediction>& predictions);
[[nodiscard]] std::vector<Prediction> UnpackPredictions(const torch::Tensor& packed);

}  // namespace cxr
