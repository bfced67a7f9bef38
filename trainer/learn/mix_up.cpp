// SPDX-License-Identifier: Apache-2.0
#include "trainer/learn/mix_up.h"

#include <algorithm>
#include <numeric>
#include <random>
#include <vector>

namespace cxr {

MixUp DrawMixUp(std::int64_t count, double alpha, std::uint64_t seed, const torch::Device& device) {
  std::mt19937_64 random(seed);
  std::gamma_distribution<double> gamma(alpha, 1);
  const double one = gamma(random);
  const double other = gamma(random);
  MixUp mix;
  mix.share = one + other > 0 ? std::max(one, other) / (one + other) : 1;  // small alphas can underflow to 0 + 0
  std::vector<std::int64_t> partner(static_cast<std::size_t>(count));
  std::iota(partner.begin(), partner.end(), 0);
  std::shuffle(partner.begin(), partner.end(), random);
  mix.partner = torch::tensor(partner).to(device);
  return mix;
}

}  // namespace cxr
