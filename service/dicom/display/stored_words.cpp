// SPDX-License-Identifier: Apache-2.0
// Loops without branches and with copies of everything, so that the compiler makes vector code of them.
#include "service/dicom/display/stored_words.h"

#include "service/core/vector_clones.h"

namespace cxr {

CXR_VECTOR_CLONES void MapThroughRamp(const std::uint16_t* __restrict words, std::size_t count,
                                      const StoredField& field, const LevelRamp& ramp,
                                      std::uint8_t* __restrict levels) {
  const int shift = field.shift;
  const auto mask = static_cast<std::uint16_t>(field.mask);
  const auto flip = static_cast<std::uint16_t>(field.flip);
  const float slope = ramp.slope;
  const float offset = ramp.offset;
  const auto low = static_cast<std::uint16_t>(ramp.black.low);
  const auto span = static_cast<std::uint16_t>(ramp.black.span);
  const std::uint16_t black = ramp.black.low > 0xffff ? 0xffff : 0;  // no order is
  for (std::size_t i = 0; i < count; ++i) {
    const auto order = static_cast<std::uint16_t>(((words[i] >> shift) & mask) ^ flip);
    float level = slope * static_cast<float>(static_cast<std::int32_t>(order)) + offset;
    level = level > 0 ? level : 0;
    level = level < 255 ? level : 255;
    const auto distance = static_cast<std::uint16_t>(order - low);
    const auto kept = static_cast<std::uint16_t>((distance <= span ? 0 : 0xffff) | black);
    levels[i] = static_cast<std::uint8_t>(static_cast<std::uint16_t>(static_cast<std::int32_t>(level)) & kept);
  }
}

CXR_VECTOR_CLONES OrderExtremes ExtendExtremes(OrderExtremes seen, const std::uint16_t* words, std::size_t count,
                                               const StoredField& field, const OrderRange& skipped) {
  const int shift = field.shift;
  const auto mask = static_cast<std::uint16_t>(field.mask);
  const auto flip = static_cast<std::uint16_t>(field.flip);
  const auto first = static_cast<std::uint16_t>(skipped.low);
  const auto span = static_cast<std::uint16_t>(skipped.span);
  const std::uint16_t all = skipped.low > 0xffff ? 0 : 0xffff;  // no order is skipped
  std::uint16_t low = 0xffff;
  std::uint16_t high = 0;
  std::uint16_t any = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const auto order = static_cast<std::uint16_t>(((words[i] >> shift) & mask) ^ flip);
    const auto distance = static_cast<std::uint16_t>(order - first);
    const auto skip = static_cast<std::uint16_t>((distance <= span ? 0xffff : 0) & all);
    const auto as_low = static_cast<std::uint16_t>(order | skip);
    const auto as_high = static_cast<std::uint16_t>(order & ~skip);
    low = as_low < low ? as_low : low;
    high = as_high > high ? as_high : high;
    any = static_cast<std::uint16_t>(any | ~skip);
  }
  if (any == 0) return seen;
  return {low < seen.low ? low : seen.low, high > seen.high ? high : seen.high};
}

}  // namespace cxr
