// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

#include "absl/strings/string_view.h"

namespace cxr {

/// The bits of a JPEG-LS scan, most significant first; the bit stuffed behind every byte 0xFF is left out (ITU-T T.87,
/// A.1). They end at a marker or at the end of the bytes. Reading past the end yields zeros and is remembered.
class StuffedBitReader {
 public:
  explicit StuffedBitReader(absl::string_view bytes) : bytes_(bytes) {}

  /// True once more bits were asked for than there are.
  [[nodiscard]] bool exhausted() const { return exhausted_; }

  /// Bits before the marker or the end that were not read; none is left to read afterwards.
  [[nodiscard]] std::size_t BitsLeft() {
    std::size_t left = 0;
    for (Fill(); held_ > 0; Fill()) {
      left += static_cast<std::size_t>(held_);
      window_ = 0;
      held_ = 0;
    }
    return left;
  }

  /// The next `count` bits, 0 to 32.
  std::uint32_t Read(int count) {
    if (count == 0) return 0;
    if (held_ < count) Fill();
    const auto value = static_cast<std::uint32_t>(window_ >> (64 - count));
    Drop(count);
    return value;
  }

  /// The number of zeros before the next one, which is taken too. Of zeros beyond 55 no count is kept.
  int ReadZeros() {
    Fill();
    const int zeros = std::countl_zero(window_);
    Drop(zeros + 1);
    return zeros;
  }

 private:
  void Drop(int count) {
    if (count > held_ || count > 63) {  // a shift by 64 is undefined, and no code is that long
      exhausted_ = true;
      window_ = 0;
      held_ = 0;
      return;
    }
    window_ <<= count;
    held_ -= count;
  }

  /// At least 57 bits afterwards, or all there are.
  void Fill() {
    while (held_ <= 56 && at_ < bytes_.size()) {
      const auto byte = static_cast<unsigned char>(bytes_[at_]);
      const bool full = byte == 0xff;
      if (full && (at_ + 1 == bytes_.size() || (static_cast<unsigned char>(bytes_[at_ + 1]) & 0x80) != 0)) {
        at_ = bytes_.size();  // a marker
        return;
      }
      const int bits = stuffed_ ? 7 : 8;
      window_ |= std::uint64_t{byte} << (64 - bits - held_);
      held_ += bits;
      stuffed_ = full;
      ++at_;
    }
  }

  absl::string_view bytes_;
  std::size_t at_ = 0;
  std::uint64_t window_ = 0;  // the next bits, from the top
  int held_ = 0;              // how many of them are valid; the rest is zero
  bool stuffed_ = false;      // the last byte was 0xFF
  bool exhausted_ = false;
};

}  // namespace cxr
