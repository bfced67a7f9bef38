// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace cxr {

/// What is accepted from a stranger's file. Beyond it a file is refused, before memory is taken.
struct ReadLimits {
  int max_side = 16384;                             ///< rows or columns
  std::int64_t max_pixels = 100'000'000;            ///< rows x columns
  std::int64_t max_compressed_pixels = 36'000'000;  ///< of a frame that has to be decompressed
  int max_tiles = 4096;                             ///< of a JPEG 2000 codestream
  /// Processor time that decompressing a JPEG 2000 frame may use. The other codecs' time depends on the pixels alone.
  std::chrono::milliseconds max_decode_time{8000};
  std::size_t max_inflated_bytes = std::size_t{1} << 28;  ///< data set behind a deflated transfer syntax
  std::int64_t max_reads = 1'000'000;                     ///< pieces the parser reads; four or so per attribute
  std::size_t max_stack_bytes = std::size_t{1} << 19;     ///< stack the parser may use; bounds the nesting of sequences
  /// Processor time the parser may use: it keeps attributes sorted, and hostile ones make that quadratic.
  std::chrono::milliseconds max_parse_time{2000};
};

}  // namespace cxr
