// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/dicom/codec/stored_values.h"

#include <algorithm>
#include <random>

#include "service/dicom/codec/frame_decoder.h"
#include "service/dicom/read/dicom_parser.h"
#include "service/dicom/read/pixel_data.h"

namespace cxr::test {
namespace {

std::vector<std::int32_t> Unpack(absl::string_view words, const PixelLayout& layout, bool big_endian) {
  const std::size_t size = static_cast<std::size_t>(layout.bits_allocated) / 8;
  const int shift = layout.high_bit - layout.bits_stored + 1;
  std::vector<std::int32_t> values;
  for (std::size_t i = 0; i < static_cast<std::size_t>(layout.pixels_per_frame()); ++i) {
    std::uint32_t word = 0;
    for (std::size_t b = 0; b < size; ++b) {
      const std::size_t at = i * size + (big_endian ? b : size - 1 - b);
      word = word << 8 | static_cast<unsigned char>(words[at]);
    }
    const auto field = static_cast<std::int32_t>(word >> shift & ((1u << layout.bits_stored) - 1));
    const std::int32_t half = 1 << (layout.bits_stored - 1);
    values.push_back(layout.is_signed && field >= half ? field - 2 * half : field);
  }
  return values;
}

}  // namespace

absl::StatusOr<std::vector<std::int32_t>> StoredValues(const std::string& file) {
  const absl::StatusOr<ParsedInstance> instance = ParseInstance(file, {});
  if (!instance.ok()) return instance.status();
  const absl::StatusOr<PixelLayout> layout = ReadPixelLayout(*instance->dataset, {});
  if (!layout.ok()) return layout.status();
  const absl::StatusOr<PixelData> pixels = LocatePixelData(instance->pixels, *layout);
  if (!pixels.ok()) return pixels.status();
  if (!pixels->encapsulated) {
    // Bytes in big endian words lie in swapped pairs.
    std::string native(pixels->native);
    const bool pairs = instance->big_endian && layout->bits_allocated == 8 && instance->pixels.word_vr;
    for (std::size_t i = 0; pairs && i + 1 < native.size(); i += 2) std::swap(native[i], native[i + 1]);
    return Unpack(native, *layout, instance->big_endian);
  }
  RegisterDecoders();  // a reader does so once; here there may have been none, and DCMTK minds no second time
  const absl::StatusOr<DecodedFrame> frame = DecodeFrame(pixels->fragments, instance->transfer_syntax_uid, *layout, {});
  if (!frame.ok()) return frame.status();
  return Unpack(frame->bytes, frame->layout, false);
}

DicomFixture NoisyRadiograph(const PixelFormat& format, double noise) {
  constexpr int kRows = 101;
  constexpr int kColumns = 77;
  DicomFixture radiograph;
  radiograph.rows = kRows;
  radiograph.columns = kColumns;
  radiograph.bits_allocated = format.allocated;
  radiograph.bits_stored = format.stored;
  radiograph.high_bit = format.high_bit;
  radiograph.is_signed = format.is_signed;
  radiograph.junk_bits = format.junk;
  const std::int32_t top = (std::int32_t{1} << format.stored) - 1;
  const std::int32_t lowest = format.is_signed ? -(top + 1) / 2 : 0;
  std::mt19937 random(20240607);
  const auto spread = static_cast<std::uint32_t>(noise * top) + 1;
  for (int y = 0; y < kRows; ++y) {
    for (int x = 0; x < kColumns; ++x) {
      const bool square = y >= 10 && y < 40 && x >= 8 && x < 30;
      const auto level = static_cast<std::int32_t>(std::int64_t{top} * (square ? 70 : x) / (kColumns - 1));
      const auto jitter = static_cast<std::int32_t>(random() % spread);
      radiograph.pixels.push_back(lowest + std::clamp(level + jitter, 0, top));
    }
  }
  radiograph.pixels.front() = lowest;  // the whole range is in use
  radiograph.pixels.back() = lowest + top;
  return radiograph;
}

}  // namespace cxr::test
