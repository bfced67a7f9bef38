// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "trainer/data/dataset.h"
#include "trainer/data/run_context.h"
#include "trainer/learn/train_options.h"

namespace cxr {

/// The order in which the images of an epoch are seen: follows from the seed, the epoch and their number alone.
[[nodiscard]] std::vector<std::size_t> ShuffledOrder(std::uint64_t seed, int epoch, std::size_t count);

/// The image as the network sees it at this position of the epoch: read, preprocessed, augmented. Follows from the
/// seed, the epoch and the position alone.
[[nodiscard]] absl::StatusOr<std::vector<float>> LoadAugmented(const TrainOptions& options, const RunContext& context,
                                                               const LabelledImage& image, int epoch,
                                                               std::size_t position);

}  // namespace cxr
