// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#include "service/dicom/read/pixel_layout.h"

namespace cxr {

/// Where the stored value lies in a word. Its order is the stored bits, the sign bit flipped: orders begin at 0 and
/// rise with the values.
struct StoredField {
  explicit StoredField(const PixelLayout& layout)
      : shift(layout.high_bit - layout.bits_stored + 1),
        mask(static_cast<std::uint32_t>((std::uint64_t{1} << layout.bits_stored) - 1)),
        flip(layout.is_signed ? std::uint32_t{1} << (layout.bits_stored - 1) : 0) {}

  [[nodiscard]] std::uint32_t Order(std::uint32_t word) const { return ((word >> shift) & mask) ^ flip; }
  [[nodiscard]] std::int64_t Value(std::uint32_t order) const { return std::int64_t{order} - flip; }

  int shift;
  std::uint32_t mask;
  std::uint32_t flip;
};

/// A closed range of orders, as its lowest and how many follow it. As it is, it holds no order of 16 bits.
struct OrderRange {
  std::uint32_t low = 0xffffffff;
  std::uint32_t span = 0;

  [[nodiscard]] bool Holds(std::uint32_t order) const { return order - low <= span; }
};

/// The smallest and largest order seen.
struct OrderExtremes {
  std::uint32_t low = 0xffffffff;
  std::uint32_t high = 0;
};

/// A straight line from orders of at most 16 bits to levels: slope * order + offset, kept within 0 to 255 and rounded
/// down; 0 for the orders in `black`.
struct LevelRamp {
  float slope = 0;
  float offset = 0;
  OrderRange black;
};

/// Writes the level of each word.
void MapThroughRamp(const std::uint16_t* words, std::size_t count, const StoredField& field, const LevelRamp& ramp,
                    std::uint8_t* levels);

/// Extends `seen` by the orders of the words, those in `skipped` excepted.
[[nodiscard]] OrderExtremes ExtendExtremes(OrderExtremes seen, const std::uint16_t* words, std::size_t count,
                                           const StoredField& field, const OrderRange& skipped);

}  // namespace cxr
