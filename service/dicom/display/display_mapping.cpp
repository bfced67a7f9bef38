// SPDX-License-Identifier: Apache-2.0
#include "service/dicom/display/display_mapping.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <type_traits>
#include <vector>

#include "service/dicom/display/order_histogram.h"
#include "service/dicom/display/stored_words.h"

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

/// Calls `use(words, count)` for the frame, a block of aligned words at a time: the source may lie at any
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
    use(block.data(), count);
  }
}

/// The smallest and largest order that is not padding; low > high when there is none.
template <typename Word>
OrderExtremes Extremes(const StoredFrame& frame, const StoredField& field, const absl::optional<OrderRange>& padding) {
  OrderExtremes seen;
  ForEachBlock<Word>(frame, [&](const Word* words, std::size_t count) {
    if constexpr (std::is_same_v<Word, std::uint16_t>) {
      seen = ExtendExtremes(seen, words, count, field, padding.value_or(OrderRange{}));
    } else {
      for (std::size_t i = 0; i < count; ++i) {
        const std::uint32_t order = field.Order(words[i]);
        if (padding.has_value() && padding->Holds(order)) continue;
        seen.low = std::min(seen.low, order);
        seen.high = std::max(seen.high, order);
      }
    }
  });
  return seen;
}

/// How many orders, padding left out, fall into each of at most 65,536 bins of equal width between the extremes.
template <typename Word>
OrderHistogram CountOrders(const StoredFrame& frame, const StoredField& field,
                           const absl::optional<OrderRange>& padding, const OrderExtremes& seen) {
  OrderHistogram histogram(seen);
  ForEachBlock<Word>(frame, [&](const Word* words, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      const std::uint32_t order = field.Order(words[i]);
      if (!padding.has_value() || !padding->Holds(order)) histogram.Add(order);
    }
  });
  return histogram;
}

/// The range of the stored values that are neither padding nor outliers; low > high when there is none. Wide words take
/// several rounds: one outlier can make all others fall into one bin.
template <typename Word>
StoredRange DataRange(const StoredFrame& frame, const StoredField& field, const absl::optional<OrderRange>& padding) {
  OrderExtremes seen = Extremes<Word>(frame, field, padding);
  constexpr int kMostRounds = 3;
  for (int round = 0; round < kMostRounds && seen.low < seen.high; ++round) {
    const OrderHistogram histogram = CountOrders<Word>(frame, field, padding, seen);
    seen = histogram.WithoutOutliers();
    if (histogram.bin_width() == 1) break;
  }
  return {field.Value(seen.low), field.Value(seen.high)};
}

template <typename Word>
std::size_t CountPadding(const StoredFrame& frame, const StoredField& field, const OrderRange& padding) {
  std::size_t total = 0;
  ForEachBlock<Word>(frame, [&](const Word* words, std::size_t count) {
    std::uint32_t held = 0;
    for (std::size_t i = 0; i < count; ++i) held += padding.Holds(field.Order(words[i])) ? 1 : 0;
    total += held;
  });
  return total;
}

using LevelTable = std::vector<std::uint8_t>;  // by order

/// The ramp that gives exactly the levels of `table`, if there is one. Rounding to a half may differ by the last bit of
/// a float, so neighbouring lines are tried before the ramp is given up.
absl::optional<LevelRamp> FindRamp(const DisplayCurve& curve, const StoredField& field,
                                   const absl::optional<OrderRange>& padding, const LevelTable& table) {
  const absl::optional<LevelLine> line = curve.line();
  if (!line.has_value()) return absl::nullopt;
  std::vector<std::uint16_t> words(table.size());
  for (std::size_t order = 0; order < words.size(); ++order) {
    words[order] = static_cast<std::uint16_t>((static_cast<std::uint32_t>(order) ^ field.flip) << field.shift);
  }
  LevelTable levels(table.size());
  const double offset = line->offset - line->slope * field.flip + 0.5;
  for (const double nudge : {0.0, 1e-5, -1e-5, 1e-4, -1e-4}) {
    const LevelRamp ramp{static_cast<float>(line->slope), static_cast<float>(offset + nudge),
                         padding.value_or(OrderRange{})};
    MapThroughRamp(words.data(), words.size(), field, ramp, levels.data());
    if (levels == table) return ramp;
  }
  return absl::nullopt;
}

/// Calls `map(words, count, levels)` for every block and appends the levels it writes.
template <typename Word, typename Map>
void AppendLevels(const StoredFrame& frame, GrayImage& image, Map&& map) {
  std::array<std::uint8_t, kBlock> levels;
  ForEachBlock<Word>(frame, [&](const Word* words, std::size_t count) {
    map(words, count, levels.data());
    image.pixels.insert(image.pixels.end(), levels.begin(), levels.begin() + count);
  });
}

template <typename Word>
void MapByTable(const StoredFrame& frame, const StoredField& field, const DisplayCurve& curve,
                const absl::optional<OrderRange>& padding, GrayImage& image) {
  LevelTable table(std::size_t{1} << frame.layout.bits_stored);
  for (std::size_t order = 0; order < table.size(); ++order) {
    table[order] = curve.Map(field.Value(static_cast<std::uint32_t>(order)));
  }
  if constexpr (std::is_same_v<Word, std::uint16_t>) {
    if (const absl::optional<LevelRamp> ramp = FindRamp(curve, field, padding, table)) {
      AppendLevels<Word>(frame, image, [&](const Word* words, std::size_t count, std::uint8_t* levels) {
        MapThroughRamp(words, count, field, *ramp, levels);
      });
      return;
    }
  }
  AppendLevels<Word>(frame, image, [&](const Word* words, std::size_t count, std::uint8_t* levels) {
    for (std::size_t i = 0; i < count; ++i) levels[i] = table[field.Order(words[i])];
  });
}

template <typename Word>
void MapOneByOne(const StoredFrame& frame, const StoredField& field, const DisplayCurve& curve, GrayImage& image) {
  AppendLevels<Word>(frame, image, [&](const Word* words, std::size_t count, std::uint8_t* levels) {
    for (std::size_t i = 0; i < count; ++i) levels[i] = curve.Map(field.Value(field.Order(words[i])));
  });
}

absl::optional<OrderRange> PaddingOrders(const DisplayCurve& curve, const StoredField& field) {
  if (!curve.padding().has_value()) return absl::nullopt;
  const std::int64_t top = field.mask;
  const std::int64_t low = std::max(curve.padding()->low + field.flip, std::int64_t{0});
  const std::int64_t high = std::min(curve.padding()->high + field.flip, top);
  if (low > high) return absl::nullopt;
  return OrderRange{static_cast<std::uint32_t>(low), static_cast<std::uint32_t>(high - low)};
}

template <typename Word>
void MapFrame(const StoredFrame& frame, DisplayCurve& curve, GrayImage& image) {
  const StoredField field(frame.layout);
  const absl::optional<OrderRange> padding = PaddingOrders(curve, field);
  if (padding.has_value()) image.padding_pixels = CountPadding<Word>(frame, field, *padding);
  if (curve.needs_data_range()) curve.FitTo(DataRange<Word>(frame, field, padding));
  if (frame.layout.bits_stored <= kWidestTable) {
    MapByTable<Word>(frame, field, curve, padding, image);
  } else {
    MapOneByOne<Word>(frame, field, curve, image);
  }
}

}  // namespace

GrayImage MapToDisplay(const StoredFrame& frame, DisplayCurve& curve) {
  GrayImage image{frame.layout.rows, frame.layout.columns, {}, 0};
  image.pixels.reserve(static_cast<std::size_t>(frame.layout.pixels_per_frame()));
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
