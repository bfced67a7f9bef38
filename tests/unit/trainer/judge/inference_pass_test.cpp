// SPDX-License-Identifier: Apache-2.0
#include "trainer/judge/inference_pass.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <vector>

namespace cxr {
namespace {

TEST(ParallelFor, CallsEachIndexOnce) {
  std::vector<std::atomic<int>> calls(500);
  EXPECT_TRUE(ParallelFor(calls.size(), 4, [&](std::size_t index) {
                ++calls[index];
                return absl::OkStatus();
              }).ok());
  for (const auto& count : calls) EXPECT_EQ(count, 1);
}

TEST(ParallelFor, StopsAtAnErrorAndReturnsIt) {
  std::atomic<int> calls{0};
  const absl::Status status = ParallelFor(100000, 3, [&](std::size_t index) {
    ++calls;
    return index == 10 ? absl::NotFoundError("ten") : absl::OkStatus();
  });
  EXPECT_EQ(status.message(), "ten");
  EXPECT_LT(calls, 100000);
}

TEST(ParallelFor, TurnsAnExceptionIntoAnError) {
  const absl::Status status =
      ParallelFor(3, 2, [](std::size_t) -> absl::Status { throw std::runtime_error("broken"); });
  EXPECT_EQ(status.message(), "broken");
}

}  // namespace
}  // namespace cxr
