// SPDX-License-Identifier: Apache-2.0
#include "service/client/backoff.h"

#include <algorithm>

namespace cxr {

std::chrono::milliseconds Backoff::Next() {
  constexpr std::chrono::milliseconds kLongest(2000);
  std::uniform_int_distribution<std::chrono::milliseconds::rep> pause(longest_.count() / 2, longest_.count());
  const std::chrono::milliseconds next(pause(random_));
  longest_ = std::min(kLongest, 2 * longest_);
  return next;
}

}  // namespace cxr
