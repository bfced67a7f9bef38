// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "trainer/data/batch_loader.h"
#include "trainer/data/dataset.h"
#include "trainer/data/run_context.h"
#include "trainer/learn/train_options.h"

namespace cxr {

/// The order in which the pictures of an epoch are seen: follows from the seed, the epoch and their number alone.
[[nodiscard]] std::vector<std::size_t> ShuffledOrder(std::uint64_t seed, int epoch, std::size_t count);

/// The picture as the network sees it at this position of the epoch: read, preprocessed, augmented. Follows from the
/// seed, the epoch and the position alone.
[[nodiscard]] absl::StatusOr<std::vector<float>> LoadAugmented(const TrainOptions& options, const RunContext& context,
                                                               const Sample& sample, int epoch, std::size_t position);

/// N x 3 x H x W on the options' device, three equal channels, in the layout that convolutions are fastest on.
[[nodiscard]] torch::Tensor BatchTensor(const TrainOptions& options, Batch& batch);

}  // namespace cxr
