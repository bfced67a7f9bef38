// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/strings/string_view.h"
#include "service/dicom/codec/bit_window.h"

namespace cxr {

/// A Huffman table of a JPEG codestream (ITU-T T.81, annex C).
class HuffmanTable {
 public:
  /// `lengths` are the 16 counts of codes of 1 to 16 bits, `symbols` what they stand for. False when they contradict
  /// each other.
  [[nodiscard]] bool Fill(absl::string_view lengths, absl::string_view symbols);

  [[nodiscard]] bool empty() const { return entries_.empty(); }

  /// By the next 16 bits: length of the code << 8 | symbol; 0 where there is no such code.
  [[nodiscard]] std::uint16_t Entry(std::uint32_t next_bits) const { return entries_[next_bits]; }

 private:
  std::vector<std::uint16_t> entries_;
};

/// The bits of one entropy-coded interval of a JPEG scan, most significant first; the zero stuffed behind every byte
/// 0xFF is left out (ITU-T T.81, F.2.2.5). Reading past the end yields zeros and is remembered.
class HuffmanReader {
 public:
  /// `interval` holds no marker and outlives the reader.
  explicit HuffmanReader(absl::string_view interval) : bytes_(interval) {}

  /// True once more bits were asked for than there are, or bits that are no code.
  [[nodiscard]] bool damaged() const { return no_code_ || window_.exhausted(); }

  /// Bits that were not read, those that fill up the last byte included.
  [[nodiscard]] std::size_t BitsLeft() {
    auto left = static_cast<std::size_t>(window_.held());
    for (std::size_t at = at_; at < bytes_.size(); ++at) {
      left += 8;
      if (static_cast<unsigned char>(bytes_[at]) == 0xff) ++at;
    }
    return left;
  }

  [[nodiscard]] int ReadSymbol(const HuffmanTable& table) {
    if (window_.held() < 16) Fill();
    const std::uint16_t entry = table.Entry(window_.Peek(16));
    if (entry == 0) {
      no_code_ = true;
      return 0;
    }
    window_.Take(entry >> 8);
    return entry & 0xff;
  }

  /// A number of `size` (0 to 16) additional bits, extended to its sign (F.2.2.1).
  [[nodiscard]] int ReadExtended(int size) {
    if (size == 0) return 0;
    if (window_.held() < size) Fill();
    const auto value = static_cast<int>(window_.Peek(size));
    window_.Take(size);
    return value < 1 << (size - 1) ? value - (1 << size) + 1 : value;
  }

 private:
  /// At least 57 bits afterwards, or all there are.
  void Fill() {
    while (window_.HasRoom() && at_ < bytes_.size()) {
      const auto byte = static_cast<unsigned char>(bytes_[at_++]);
      if (byte == 0xff) ++at_;  // the stuffed zero
      window_.Push(byte, 8);
    }
  }

  absl::string_view bytes_;
  std::size_t at_ = 0;
  BitWindow window_;
  bool no_code_ = false;  // bits were met that are none
};

}  // namespace cxr
