// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <torch/torch.h>

#include <cstdint>

namespace cxr {

/// How the pictures of a batch are mixed (mixup, Zhang et al. 2018): picture i becomes share x picture i +
/// (1 - share) x picture partner[i], and its loss is mixed likewise.
struct MixUp {
  double share = 1;
  torch::Tensor partner;
};

/// Draws the share from Beta(alpha, alpha), at least a half by exchanging partners, and a random partner for each of
/// `count` pictures. Follows from the seed alone. `alpha` is more than 0.
[[nodiscard]] MixUp DrawMixUp(std::int64_t count, double alpha, std::uint64_t seed, const torch::Device& device);

}  // namespace cxr
