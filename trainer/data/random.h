// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace cxr {

/// One well-mixed seed from the run's seed, an epoch and a position, so that what happens to a picture does not depend
/// on which thread loads it (finaliser of splitmix64, Steele et al. 2014).
[[nodiscard]] constexpr std::uint64_t MixSeeds(std::uint64_t seed, std::uint64_t epoch, std::uint64_t position) {
  const auto mix = [](std::uint64_t value) {
    value += 0x9e3779b97f4a7c15ULL;
    value = (value ^ (value >> 30U)) * 0xbf58476d1ce4e5b9ULL;
    value = (value ^ (value >> 27U)) * 0x94d049bb133111ebULL;
    return value ^ (value >> 31U);
  };
  return mix(mix(mix(seed) ^ epoch) ^ position);
}

}  // namespace cxr
