// SPDX-License-Identifier: Apache-2.0
#include "tests/support/re_encoding.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

namespace cxr::test {
namespace {

/// Draws by remainder, which every standard library does alike.
class Dice {
 public:
  explicit Dice(std::mt19937& random) : random_(random) {}

  int Below(int count) { return static_cast<int>(random_() % static_cast<unsigned>(count)); }
  bool Chance(int percent) { return Below(100) < percent; }
  template <typename T>
  T OneOf(std::initializer_list<T> values) {
    return values.begin()[Below(static_cast<int>(values.size()))];
  }

 private:
  std::mt19937& random_;
};

/// The stored values that are shown, from black to white (of MONOCHROME2).
struct Range {
  int low = 0;
  int high = 0;
};

void DrawWords(Storing& storing, Dice& dice) {
  DicomFixture& f = storing.fixture;
  f.syntax = dice.OneOf({Syntax::kImplicitLittle, Syntax::kExplicitLittle, Syntax::kExplicitBig, Syntax::kDeflated,
                         Syntax::kRle, Syntax::kJpegLossless, Syntax::kJpegLs, Syntax::kJpeg2000});
  f.bits_stored = dice.OneOf({8, 10, 12, 14, 16});
  f.bits_allocated = f.bits_stored > 8 || dice.Chance(30) ? 16 : 8;
  f.is_signed = dice.Chance(30);
  f.photometric = dice.Chance(50) ? "MONOCHROME1" : "MONOCHROME2";
  const bool room = f.bits_allocated == 16 && f.bits_stored < 16;
  if (room && !storing.encapsulated() && dice.Chance(20)) f.high_bit = 15;
  if (room && !storing.encapsulated() && dice.Chance(20)) f.junk_bits = static_cast<std::uint32_t>(dice.Below(0x10000));
  absl::StrAppend(&storing.how, "syntax ", static_cast<int>(f.syntax), ", ", f.bits_stored, " bits in ",
                  f.bits_allocated, f.is_signed ? " signed" : "", f.high_bit ? " at the top" : "",
                  f.junk_bits != 0 ? " beside others" : "", ", ", f.photometric);
}

/// Padding takes one end of the range of stored values.
Range DrawPadding(Storing& storing, Dice& dice) {
  DicomFixture& f = storing.fixture;
  const int count = 1 << f.bits_stored;
  Range range{f.is_signed ? -count / 2 : 0, f.is_signed ? count / 2 - 1 : count - 1};
  if (!dice.Chance(30)) return range;
  const bool wide = f.bits_stored > 8 && dice.Chance(40);
  const bool below = dice.Chance(50);
  f.padding = below ? range.low : range.high;
  if (wide) f.padding_limit = below ? range.low + 3 : range.high - 3;
  (below ? range.low : range.high) = below ? range.low + (wide ? 4 : 1) : range.high - (wide ? 4 : 1);
  absl::StrAppend(&storing.how, ", padding ", *f.padding, wide ? " and three more" : "");
  return range;
}

void StorePixels(const GrayImage& image, const Range& range, DicomFixture& f) {
  f.rows = image.rows;
  f.columns = image.columns;
  const std::int64_t span = std::int64_t{range.high} - range.low;
  for (const std::uint8_t level : image.pixels) {
    const int above = static_cast<int>((level * span + 127) / 255);
    const int stored = f.photometric == "MONOCHROME1" ? range.high - above : range.low + above;
    f.pixels.push_back(f.padding.has_value() && level == 0 ? *f.padding : stored);
  }
}

/// PS3.3 C.11.2.1.2: of LINEAR the middle lies half a value higher, and the width is one larger, than the range.
std::pair<double, double> LinearWindow(double low, double high) {
  return {(low + high + 1) / 2, high - low + 1};
}

/// One that shows the range; its entries reach the top of `bits`.
LookupTable VoiTable(const Range& range, int bits) {
  LookupTable table;
  table.first = range.low;
  table.bits = bits;
  const std::int64_t top = (std::int64_t{1} << bits) - 1;
  const std::int64_t span = std::int64_t{range.high} - range.low;
  for (std::int64_t i = 0; i <= span; ++i)
    table.entries.push_back(static_cast<std::uint16_t>((i * top + span / 2) / span));
  return table;
}

void DrawRescaled(const Range& range, DicomFixture& f, Dice& dice) {
  f.rescale = {dice.OneOf({2.0, 0.5, 0.25, 3.0}), dice.OneOf({0.0, -1024.0, 17.5})};
  const auto [slope, intercept] = *f.rescale;
  f.window = LinearWindow(slope * range.low + intercept, slope * range.high + intercept);
}

void DrawModalityTable(const Range& range, DicomFixture& f, Dice& dice) {
  const int offset = dice.Below(1000);
  LookupTable table;
  table.first = range.low;
  table.bits = 16;
  for (int i = 0; i <= range.high - range.low; ++i) table.entries.push_back(static_cast<std::uint16_t>(2 * i + offset));
  f.window = LinearWindow(offset, 2 * (range.high - range.low) + offset);
  f.modality_lut = std::move(table);
}

/// How the grey scale is said. Tables stay below the 64 KiB that an explicit US may have.
void DrawGreyScale(const Range& range, Storing& storing, Dice& dice) {
  DicomFixture& f = storing.fixture;
  const int way = dice.Below(5);
  if (way == 1) {
    f.voi_function = "LINEAR_EXACT";
    f.window = {(range.low + range.high) / 2.0, range.high - range.low};
  } else if (way == 2) {
    DrawRescaled(range, f, dice);
  } else if (way == 3 && f.bits_stored <= 12) {
    DrawModalityTable(range, f, dice);
  } else if (way == 4 && f.bits_stored <= 14) {
    f.voi_lut = VoiTable(range, dice.OneOf({8, 10, 12, 16}));
  } else {
    f.window = LinearWindow(range.low, range.high);
  }
  absl::StrAppend(&storing.how, f.voi_lut        ? ", VOI LUT"
                                : f.modality_lut ? ", modality LUT"
                                : f.rescale      ? ", rescaled"
                                : way == 1       ? ", exact window"
                                                 : ", window");
}

void DrawForm(Storing& storing, Dice& dice) {
  DicomFixture& f = storing.fixture;
  const bool plain = !storing.encapsulated() && f.syntax != Syntax::kDeflated;
  if (plain && dice.Chance(15)) f.meta_header = false;
  if (f.meta_header && dice.Chance(15)) f.preamble = false;
  f.undefined_lengths = dice.Chance(30);
  if (f.syntax > Syntax::kRle && dice.Chance(40)) f.fragments = 2 + dice.Below(4);
  const bool explicit_little = f.syntax == Syntax::kExplicitLittle || storing.encapsulated();
  storing.unknown_vrs = explicit_little && dice.Chance(40);
  if (dice.Chance(30)) f.attributes = {{"0009,0010", "ACME"}, {"0009,1001", "of the device"}};
  absl::StrAppend(&storing.how, f.meta_header ? "" : ", no meta header", f.preamble ? "" : ", no preamble",
                  f.undefined_lengths ? ", undefined lengths" : "", storing.unknown_vrs ? ", VR UN" : "",
                  f.attributes.empty() ? "" : ", private attributes", ", ", f.fragments, " fragment(s)");
}

std::string Little(std::size_t value, int count) {
  std::string bytes;
  for (int i = 0; i < count; ++i) bytes.push_back(static_cast<char>(value >> (8 * i)));
  return bytes;
}

/// Of an explicit little endian file: the VR of an attribute of the short form becomes UN, if it is there.
void MakeUnknown(std::string& file, unsigned group, unsigned element) {
  const std::string tag = Little(group, 2) + Little(element, 2);
  for (const char* vr : {"AS", "CS", "DS", "SS", "UI", "US"}) {
    const std::size_t at = file.find(tag + vr);
    if (at == std::string::npos) continue;
    const auto byte = [&](std::size_t i) { return static_cast<std::size_t>(static_cast<unsigned char>(file[at + i])); };
    file.replace(at + 4, 4, "UN" + Little(0, 2) + Little(byte(6) | byte(7) << 8, 4));
    return;
  }
}

}  // namespace

std::string Storing::Build() const {
  std::string file = fixture.Build();
  if (!unknown_vrs) return file;
  constexpr std::pair<unsigned, unsigned> kTags[] = {
      {0x0008, 0x0060}, {0x0010, 0x1010}, {0x0018, 0x0015}, {0x0018, 0x5101}, {0x0020, 0x000d}, {0x0020, 0x000e},
      {0x0020, 0x0020}, {0x0028, 0x0002}, {0x0028, 0x0004}, {0x0028, 0x0010}, {0x0028, 0x0011}, {0x0028, 0x0100},
      {0x0028, 0x0101}, {0x0028, 0x0102}, {0x0028, 0x0103}, {0x0028, 0x0120}, {0x0028, 0x0121}, {0x0028, 0x1050},
      {0x0028, 0x1051}, {0x0028, 0x1052}, {0x0028, 0x1053}};
  for (const auto& [group, element] : kTags) MakeUnknown(file, group, element);
  return file;
}

GrayImage DrawImage(std::mt19937& random) {
  Dice dice(random);
  GrayImage image{36 + dice.Below(48), 36 + dice.Below(48), {}};
  const int border = dice.Chance(50) ? 3 : 0;
  const double phase = dice.Below(628) / 100.0;
  for (int y = 0; y < image.rows; ++y) {
    for (int x = 0; x < image.columns; ++x) {
      const bool outside = std::min({x, y, image.columns - 1 - x, image.rows - 1 - y}) < border;
      const double level =
          127 + 90 * std::sin(0.11 * x + phase) * std::cos(0.09 * y) + (2 * x > image.columns ? 20 : 0);
      image.pixels.push_back(outside ? 0 : static_cast<std::uint8_t>(level + dice.Below(11) - 5));
    }
  }
  image.pixels[static_cast<std::size_t>(image.columns) * 10 + 10] = 0;
  image.pixels[static_cast<std::size_t>(image.columns) * 10 + 11] = 255;
  return image;
}

Storing DrawStoring(const GrayImage& image, std::mt19937& random) {
  Dice dice(random);
  Storing storing;
  DrawWords(storing, dice);
  const Range range = DrawPadding(storing, dice);
  StorePixels(image, range, storing.fixture);
  DrawGreyScale(range, storing, dice);
  DrawForm(storing, dice);
  return storing;
}

StoredImage StoreLegally(const GrayImage& image, std::mt19937& random) {
  const Storing storing = DrawStoring(image, random);
  return {storing.Build(), storing.how};
}

}  // namespace cxr::test
