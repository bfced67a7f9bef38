// SPDX-License-Identifier: Apache-2.0
#include "trainer/learn/training_input.h"

#include <algorithm>
#include <numeric>
#include <random>

#include "trainer/data/random.h"
#include "trainer/judge/inference_pass.h"

namespace cxr {

std::vector<std::size_t> ShuffledOrder(std::uint64_t seed, int epoch, std::size_t count) {
  std::vector<std::size_t> order(count);
  std::iota(order.begin(), order.end(), 0);
  std::mt19937_64 random(MixSeeds(seed, static_cast<std::uint64_t>(epoch), count));
  std::shuffle(order.begin(), order.end(), random);
  return order;
}

absl::StatusOr<std::vector<float>> LoadAugmented(const TrainOptions& options, const RunContext& context,
                                                 const Sample& sample, int epoch, std::size_t position) {
  const int side = options.image_size;
  auto input = LoadInput(context.pictures, sample, {side, side});
  if (!input.ok()) return input;
  Augment(*input, side, side, {options.augmentation, options.jpeg_noise, options.min_crop},
          MixSeeds(options.seed, static_cast<std::uint64_t>(epoch), position));
  return input;
}

torch::Tensor BatchTensor(const TrainOptions& options, Batch& batch) {
  const auto count = static_cast<std::int64_t>(batch.positions.size());
  const std::int64_t side = options.image_size;
  return torch::from_blob(batch.pixels.data(), {count, 1, side, side})
      .to(torch::Device(options.device))
      .expand({count, 3, side, side})
      .contiguous(torch::MemoryFormat::ChannelsLast);
}

}  // namespace cxr
