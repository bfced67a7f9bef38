// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <torch/torch.h>

#include <vector>

#include "absl/status/statusor.h"
#include "trainer/data/dataset.h"
#include "trainer/data/run_context.h"
#include "trainer/judge/metrics.h"
#include "trainer/learn/curves.h"
#include "trainer/learn/network.h"
#include "trainer/learn/train_options.h"

namespace cxr {

/// Appends what the network says of a batch: softmax of `logits` (N x classes), and the class with the largest one.
/// `labels` has N values.
void AppendPredictions(const torch::Tensor& logits, const torch::Tensor& labels, std::vector<Prediction>& predictions);

/// Predictions as one tensor (N x 4: label, then probabilities), for a checkpoint, and back.
[[nodiscard]] torch::Tensor PackPredictions(const std::vector<Prediction>& predictions);
[[nodiscard]] std::vector<Prediction> UnpackPredictions(const torch::Tensor& packed);

/// The figure that selection goes by; means over the classes that have one. 0 where it is not defined.
[[nodiscard]] double SelectionScore(const Metrics& metrics, SelectionMetric metric);

/// The first epoch, from 1, with the highest score; 0 without scores.
[[nodiscard]] int BestEpoch(const std::vector<double>& scores);

/// Whether `patience` epochs or more have passed since the best one. Never where `patience` is 0.
[[nodiscard]] bool ShouldStop(const std::vector<double>& scores, int patience);

/// The figures of `network`, frozen as it would be served.
[[nodiscard]] absl::StatusOr<EpochFigures> Validate(const TrainOptions& options,
                                                    const std::vector<LabelledImage>& images, const RunContext& context,
                                                    const TrainableNetwork& network);

}  // namespace cxr
