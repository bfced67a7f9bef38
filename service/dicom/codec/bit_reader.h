// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "absl/strings/string_view.h"
#include "service/dicom/codec/bit_window.h"

namespace cxr {

/// The bits of a JPEG-LS scan, most significant first; the bit stuffed behind every byte 0xFF is left out (ITU-T T.87,
/// A.1). They end at a marker or at the end of the bytes. Reading past the end yields zeros and is remembered.
class StuffedBitReader {
 public:
  explicit StuffedBitReader(absl::string_view bytes) : bytes_(bytes) {}

  /// True once more bits were asked for than there are.
  [[nodiscard]] bool exhausted() const { return window_.exhausted(); }

  /// Bits before the marker or the end that were not read; none is left to read afterwards.
  [[nodiscard]] std::size_t BitsLeft() {
    std::size_t left = 0;
    for (Fill(); window_.held() > 0; Fill()) {
      left += static_cast<std::size_t>(window_.held());
      window_.Clear();
    }
    return left;
  }

  /// The next `count` bits, 0 to 32.
  std::uint32_t Read(int count) {
    if (count == 0) return 0;
    if (window_.held() < count) Fill();
    const std::uint32_t value = window_.Peek(count);
    window_.Take(count);
    return value;
  }

  /// The number of zeros before the next one, which is taken too. Of zeros beyond 55 no count is kept.
  int ReadZeros() {
    Fill();
    const int zeros = window_.Zeros();
    window_.Take(std::min(zeros + 1, 63));
    return zeros;
  }

 private:
  /// At least 57 bits afterwards, or all there are.
  void Fill() {
    while (window_.HasRoom() && at_ < bytes_.size()) {
      const auto byte = static_cast<unsigned char>(bytes_[at_]);
      const bool full = byte == 0xff;
      if (full && (at_ + 1 == bytes_.size() || (static_cast<unsigned char>(bytes_[at_ + 1]) & 0x80) != 0)) {
        at_ = bytes_.size();  // a marker
        return;
      }
      window_.Push(byte, stuffed_ ? 7 : 8);
      stuffed_ = full;
      ++at_;
    }
  }

  absl::string_view bytes_;
  std::size_t at_ = 0;
  BitWindow window_;
  bool stuffed_ = false;  // the last byte was 0xFF
};

}  // namespace cxr
