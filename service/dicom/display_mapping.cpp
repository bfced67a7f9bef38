// SPDX-License-Identifier: Apache-2.0
#include "service/dicom/display_mapping.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <limits>
#include <vector>

namespace cxr {
namespace {

static_assert(std::endian::native == std::endian::little, "words are read as little endian");

// Wider values go without a table: 2^bits entries would be more work than the image.
constexpr int kWidestTable = 16;
constexpr std::size_t kBlock = 4096;

std::uint8_t Swap(std::uint8_t word) {
  return word;
}
std::uint16_t Swap(std::uint16_t word) {
  return static_cast<std::uint16_t>(word << 8 | word >> 8);
}
std::uint32_t Swap(std::uint32_t word) {
  return __builtin_bswap32(word);
}

/// Calls `use(words, count, position)` for the frame, a block of aligned words at a time: the source may lie at any
/// address.
template <typename Word, typename Use>
void ForEachBlock(const StoredFrame& frame, Use&& use) {
  std::array<Word, kBlock> block;
  const auto total = static_cast<std::size_t>(frame.layout.pixels_per_frame());
  for (std::size_t at = 0; at < total; at += kBlock) {
    const std::size_t count = std::min(kBlock, total - at);
    std::memcpy(block.data(), frame.bytes.data() + at * sizeof(Word), count * sizeof(Word));
    if (frame.big_endian)
      std::transform(block.begin(), block.begin() + count, block.begin(), [](Word w) { return Swap(w); });
    use(block.data(), count, at);
  }
}

/// Extracts stored values from words: drops the bits around them and extends the sign.
class StoredBits {
 public:
  explicit StoredBits(const PixelLayout& layout)
      : shift_(layout.high_bit - layout.bits_stored + 1),
        mask_(static_cast<std::uint32_t>((std::uint64_t{1} << layout.bits_stored) - 1)),
        sign_(layout.is_signed ? std::int64_t{1} << (layout.bits_stored - 1) : 0) {}

  [[nodiscard]] std::uint32_t Field(std::uint32_t word) const { return (word >> shift_) & mask_; }
  [[nodiscard]] std::int64_t Value(std::uint32_t field) const { return (std::int64_t{field} ^ sign_) - sign_; }

 private:
  int shift_;
  std::uint32_t mask_;
  std::int64_t sign_;
};

/// Fields with the sign bit flipped order like the values they stand for.
struct FieldRange {
  std::uint32_t low = std::numeric_limits<std::uint32_t>::max();
  std::uint32_t high = 0;

  void Take(std::uint32_t order) {
    low = std::min(low, order);
    high = std::max(high, order);
  }
};

/// Extends `range` by a block. Copies of everything and no branch: the compiler then uses vectors.
template <typename Word>
FieldRange Extend(FieldRange range, const Word* words, std::size_t count, StoredBits bits, std::uint32_t flip) {
  for (std::size_t i = 0; i < count; ++i) range.Take(bits.Field(words[i]) ^ flip);
  return range;
}

/// The smallest and largest stored value that is not padding; low > high when there is none.
template <typename Word>
StoredRange DataRange(const StoredFrame& frame, const StoredBits& bits, const absl::optional<StoredRange>& padding) {
  const std::uint32_t flip = frame.layout.is_signed ? 1u << (frame.layout.bits_stored - 1) : 0;
  FieldRange range;
  ForEachBlock<Word>(frame, [&](const Word* words, std::size_t count, std::size_t) {
    if (!padding) {
      range = Extend(range, words, count, bits, flip);
      return;
    }
    for (std::size_t i = 0; i < count; ++i) {
      const std::uint32_t order = bits.Field(words[i]) ^ flip;
      const std::int64_t value = std::int64_t{order} - flip;
      if (value < padding->low || value > padding->high) range.Take(order);
    }
  });
  return {std::int64_t{range.low} - flip, std::int64_t{range.high} - flip};
}

template <typename Word>
void MapByTable(const StoredFrame& frame, const StoredBits& bits, const DisplayCurve& curve, std::uint8_t* out) {
  std::vector<std::uint8_t> table(std::size_t{1} << frame.layout.bits_stored);
  for (std::size_t field = 0; field < table.size(); ++field) {
    table[field] = curve.Map(bits.Value(static_cast<std::uint32_t>(field)));
  }
  ForEachBlock<Word>(frame, [&](const Word* words, std::size_t count, std::size_t at) {
    for (std::size_t i = 0; i < count; ++i) out[at + i] = table[bits.Field(words[i])];
  });
}

template <typename Word>
void MapOneByOne(const StoredFrame& frame, const StoredBits& bits, const DisplayCurve& curve, std::uint8_t* out) {
  ForEachBlock<Word>(frame, [&](const Word* words, std::size_t count, std::size_t at) {
    for (std::size_t i = 0; i < count; ++i) out[at + i] = curve.Map(bits.Value(bits.Field(words[i])));
  });
}

template <typename Word>
void MapFrame(const StoredFrame& frame, DisplayCurve& curve, GrayImage& image) {
  const StoredBits bits(frame.layout);
  if (curve.needs_data_range()) curve.FitTo(DataRange<Word>(frame, bits, curve.padding()));
  if (frame.layout.bits_stored <= kWidestTable) {
    MapByTable<Word>(frame, bits, curve, image.pixels.data());
  } else {
    MapOneByOne<Word>(frame, bits, curve, image.pixels.data());
  }
}

}  // namespace

GrayImage MapToDisplay(const StoredFrame& frame, DisplayCurve& curve) {
  GrayImage image{frame.layout.rows, frame.layout.columns, {}};
  image.pixels.resize(static_cast<std::size_t>(frame.layout.pixels_per_frame()));
  switch (frame.layout.bits_allocated) {
    case 8:
      MapFrame<std::uint8_t>(frame, curve, image);
      break;
    case 16:
      MapFrame<std::uint16_t>(frame, curve, image);
      break;
    default:
      MapFrame<std::uint32_t>(frame, curve, image);
      break;
  }
  return image;
}

}  // namespace cxr
