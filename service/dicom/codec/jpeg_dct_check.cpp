// SPDX-License-Identifier: Apache-2.0
#include "service/dicom/codec/jpeg_dct_check.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>

namespace cxr {
namespace {

constexpr int kCoefficients = 64;
constexpr int kZeroRun = 15;  // with size 0: sixteen zeros

/// The other coefficients of a block (F.2.2.2); false when they are no block.
bool SkipFurther(HuffmanReader& reader, const HuffmanTable& table, int most_bits) {
  for (int at = 1; at < kCoefficients; ++at) {
    const int symbol = reader.ReadSymbol(table);
    const int run = symbol >> 4;
    const int size = symbol & 0x0f;
    if (size == 0 && run == 0) return !reader.damaged();  // end of block
    if (size == 0 && run != kZeroRun) return false;
    at += run;
    if (at >= kCoefficients || size > most_bits) return false;
    (void)reader.ReadExtended(size);
  }
  return !reader.damaged();
}

bool CheckBlocks(HuffmanReader& reader, const JpegScan& scan, std::int64_t blocks) {
  const int most_bits = scan.precision + 2;  // of a coefficient (tables F.1 and F.2)
  // The mean of a block, eight times: twice of what its samples can give is beyond any rounding.
  const std::int64_t largest = std::int64_t{1} << (scan.precision + 3);
  std::int64_t first = 0;
  for (std::int64_t block = 0; block < blocks; ++block) {
    const int size = reader.ReadSymbol(scan.first_table);
    if (size > most_bits + 1) return false;
    first += reader.ReadExtended(size);
    if (std::abs(first) * scan.first_quantum > largest + scan.first_quantum) return false;
    if (!SkipFurther(reader, scan.further_table, most_bits)) return false;
  }
  return true;
}

}  // namespace

absl::Status CheckJpegDct(const JpegScan& scan) {
  const std::int64_t blocks = std::int64_t{(scan.rows + 7) / 8} * ((scan.columns + 7) / 8);
  absl::Status intervals = CheckIntervals(scan, blocks);
  if (!intervals.ok()) return intervals;
  const std::int64_t of_interval = scan.restart_interval == 0 ? blocks : scan.restart_interval;
  std::int64_t done = 0;
  for (absl::string_view interval : scan.intervals) {
    HuffmanReader reader(interval);
    const std::int64_t count = std::min(of_interval, blocks - done);
    if (!CheckBlocks(reader, scan, count))
      return absl::InvalidArgumentError("its coded data are damaged or end before the last pixel");
    absl::Status end = CheckEnd(reader);
    if (!end.ok()) return end;
    done += count;
  }
  return absl::OkStatus();
}

}  // namespace cxr
