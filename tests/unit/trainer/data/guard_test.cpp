// SPDX-License-Identifier: Apache-2.0
#include "trainer/data/guard.h"

#include <gtest/gtest.h>

#include <new>
#include <stdexcept>

namespace cxr {
namespace {

TEST(Guarded, PassesOnWhatTheWorkReturns) {
  EXPECT_TRUE(Guarded([] { return absl::OkStatus(); }).ok());
  EXPECT_EQ(Guarded([] { return absl::NotFoundError("nothing"); }), absl::NotFoundError("nothing"));
}

TEST(Guarded, TurnsAnExceptionIntoAnErrorOfItsFirstLine) {
  const absl::Status status =
      Guarded([]() -> absl::Status { throw std::runtime_error("sizes differ\nframe #0: c10::Error\nframe #1: main"); });
  EXPECT_EQ(status, absl::InternalError("sizes differ"));
}

TEST(Guarded, SaysThatMemoryIsShort) {
  const absl::Status status = Guarded([]() -> absl::Status { throw std::bad_alloc(); });
  EXPECT_TRUE(absl::IsResourceExhausted(status)) << status;
}

}  // namespace
}  // namespace cxr
