// SPDX-License-Identifier: Apache-2.0
#include "service/dicom/read/toolkit.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "absl/status/statusor.h"

namespace cxr {
namespace {

absl::Status ToStatus(absl::string_view error) {
  return absl::InternalError(error);
}

TEST(Guard, MakesAStatusOfWhatIsThrown) {
  const auto thrown = [](auto error) {
    return Guarded([&]() -> absl::StatusOr<int> { throw error; }, ToStatus).status();
  };
  EXPECT_EQ(thrown(std::runtime_error("cannot write")).message(), "cannot write");
  EXPECT_EQ(thrown(7).code(), absl::StatusCode::kInternal) << "also what is no std::exception";
}

TEST(Guard, HandsOnWhatIsReturned) {
  EXPECT_EQ(*Guarded([]() -> absl::StatusOr<int> { return 7; }, ToStatus), 7);
  EXPECT_EQ(Guarded([] { return absl::NotFoundError("nothing"); }, ToStatus).code(), absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace cxr
