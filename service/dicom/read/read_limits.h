// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace cxr {

/// What is accepted from a stranger's file. Beyond it a file is refused, before memory is taken.
struct ReadLimits {
  int max_side = 16384;                                   ///< rows or columns
  std::int64_t max_pixels = 100'000'000;                  ///< rows x columns
  std::size_t max_inflated_bytes = std::size_t{1} << 28;  ///< data set behind a deflated transfer syntax
  std::int64_t max_reads = 1'000'000;                     ///< pieces the parser reads; four or so per attribute
  std::size_t max_stack_bytes = std::size_t{1} << 19;     ///< stack the parser may use; bounds the nesting of sequences
  /// Processor time the parser may use: it keeps attributes sorted, and hostile ones make that quadratic.
  std::chrono::milliseconds max_parse_time{2000};
};

}  // namespace cxr
