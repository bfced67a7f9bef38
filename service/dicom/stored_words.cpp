// SPDX-License-Identifier: Apache-2.0
// Loops without branches and with copies of everything, so that the compiler makes vector code of them.
#include "service/dicom/stored_words.h"

#include "service/core/vector_clones.h"

namespace cxr {

CXR_VECTOR_CLONES void MapThroughRamp(const std::uint16_t* __restrict words, std::size_t count,
                                      const StoredField& field, const LevelRamp& ramp,
                                      std::uint8_t* __restrict levels) {
  const int shift = field.shift;
  const std::uint32_t mask = field.mask;
  const std::uint32_t flip = field.flip;
  const LevelRamp line = ramp;
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint32_t order = ((std::uint32_t{words[i]} >> shift) & mask) ^ flip;
    float level = line.slope * static_cast<float>(static_cast<std::int32_t>(order)) + line.offset;
    level = level > 0 ? level : 0;
    level = level < 255 ? level : 255;
    const std::int32_t kept = order - line.black.low <= line.black.span ? 0 : -1;
    levels[i] = static_cast<std::uint8_t>(static_cast<std::int32_t>(level) & kept);
  }
}

CXR_VECTOR_CLONES OrderExtremes ExtendExtremes(OrderExtremes seen, const std::uint16_t* words, std::size_t count,
                                               const StoredField& field, const OrderRange& skipped) {
  const StoredField bits = field;
  const OrderRange out = skipped;
  std::uint32_t low = seen.low;
  std::uint32_t high = seen.high;
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint32_t order = ((std::uint32_t{words[i]} >> bits.shift) & bits.mask) ^ bits.flip;
    const std::uint32_t skip = order - out.low <= out.span ? 0xffffffff : 0;
    const std::uint32_t as_low = order | skip;
    const std::uint32_t as_high = order & ~skip;
    low = as_low < low ? as_low : low;
    high = as_high > high ? as_high : high;
  }
  return {low, high};
}

}  // namespace cxr
