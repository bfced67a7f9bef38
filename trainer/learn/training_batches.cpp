// SPDX-License-Identifier: Apache-2.0
#include "trainer/learn/training_batches.h"

#include <algorithm>
#include <numeric>
#include <random>

#include "trainer/data/run_context.h"
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
                                                 const LabelledImage& image, int epoch, std::size_t position) {
  const int side = options.image_size;
  auto input = LoadInput(context.reader, image, {side, side});
  if (!input.ok()) return input;
  Augment(*input, side, side, {options.augmentation, options.jpeg_noise, options.min_crop},
          MixSeeds(options.seed, static_cast<std::uint64_t>(epoch), position));
  return input;
}

}  // namespace cxr
