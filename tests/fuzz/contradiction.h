// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdio>
#include <cstdlib>

namespace cxr::fuzz {

/// Ends the program, which libFuzzer takes for a crash, when what must be true of every input is not.
inline void Demand(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "contradiction: %s\n", what);
  std::abort();
}

}  // namespace cxr::fuzz
