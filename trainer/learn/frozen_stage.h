// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <torch/torch.h>

#include <vector>

#include "absl/status/status.h"
#include "trainer/data/dataset.h"
#include "trainer/data/run_context.h"
#include "trainer/learn/curves.h"
#include "trainer/learn/loss.h"
#include "trainer/learn/network.h"

namespace cxr {

/// What the frozen backbone makes of images: one row of pooled values per view; row = view * images + image. View 0
/// is the plain image, the others are augmented.
struct PooledFeatures {
  torch::Tensor values;  ///< rows x channels, on the options' device
  torch::Tensor labels;  ///< rows
  std::int64_t images = 0;
};

/// Every image (and its augmented views) goes through the backbone once.
[[nodiscard]] absl::StatusOr<PooledFeatures> ExtractFeatures(const TrainOptions& options,
                                                             const std::vector<LabelledImage>& images,
                                                             const RunContext& context,
                                                             const TrainableNetwork& network);

/// Trains the head for options.frozen_epochs on all views of the images `chosen`; the epochs take seconds. Adds one
/// row per epoch to `curves`. Order and dropout follow from LibTorch's random numbers (SeedTorch).
[[nodiscard]] absl::Status TrainHead(const TrainOptions& options, const PooledFeatures& features,
                                     const std::vector<std::int64_t>& chosen, const Loss& loss,
                                     const RunContext& context, ClassificationHead& head, Curves& curves);

/// ExtractFeatures and TrainHead on all of them.
[[nodiscard]] absl::Status TrainFrozen(const TrainOptions& options, const std::vector<LabelledImage>& training,
                                       const Loss& loss, const RunContext& context, TrainableNetwork& network,
                                       Curves& curves);

}  // namespace cxr
