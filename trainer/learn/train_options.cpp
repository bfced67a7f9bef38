// SPDX-License-Identifier: Apache-2.0
#include "trainer/learn/train_options.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace cxr {

absl::StatusOr<int> ParseBlock(const std::string& name) {
  constexpr int kBlocks = 19;  // features.0 to features.18
  int number = -1;
  const absl::string_view digits = absl::StripPrefix(name, "features.");
  if (digits.size() < name.size() && absl::SimpleAtoi(digits, &number) && number >= 0 && number < kBlocks)
    return number;
  return absl::InvalidArgumentError(absl::StrCat("expected features.0 to features.18, got ", name));
}

}  // namespace cxr
