// SPDX-License-Identifier: Apache-2.0
#include "trainer/learn/mix_up.h"

#include <gtest/gtest.h>

namespace cxr {
namespace {

TEST(MixUp, FollowsFromTheSeedAndKeepsTheLargerShare) {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    const MixUp mix = DrawMixUp(8, 0.2, seed, torch::kCPU);
    EXPECT_GE(mix.share, 0.5);
    EXPECT_LE(mix.share, 1);
    const MixUp again = DrawMixUp(8, 0.2, seed, torch::kCPU);
    EXPECT_EQ(mix.share, again.share);
    EXPECT_TRUE(torch::equal(mix.partner, again.partner));
    EXPECT_TRUE(torch::equal(std::get<0>(mix.partner.sort()), torch::arange(8))) << "each is somebody's partner once";
  }
}

}  // namespace
}  // namespace cxr
