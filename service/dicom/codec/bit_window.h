// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstdint>

namespace cxr {

/// The next bits of an entropy-coded stream, most significant first, up to 64 of them; zeros behind them.
class BitWindow {
 public:
  /// How many bits are held.
  [[nodiscard]] int held() const { return held_; }
  /// Whether a byte more fits in.
  [[nodiscard]] bool HasRoom() const { return held_ <= 56; }

  /// Adds the lowest `bits` (7 or 8) of `byte`, which has no higher ones. There must be room.
  void Push(unsigned char byte, int bits) {
    bits_ |= std::uint64_t{byte} << (64 - bits - held_);
    held_ += bits;
  }

  /// The next `count` bits, 1 to 32, without taking them.
  [[nodiscard]] std::uint32_t Peek(int count) const { return static_cast<std::uint32_t>(bits_ >> (64 - count)); }

  /// The number of zeros before the next one; 64 when none is held.
  [[nodiscard]] int Zeros() const { return std::countl_zero(bits_); }

  /// Takes `count` bits, 1 to 63. When there are fewer, none is held afterwards, and that is remembered.
  void Take(int count) {
    if (count > held_) {
      exhausted_ = true;
      Clear();
      return;
    }
    bits_ <<= count;
    held_ -= count;
  }
  /// True once more bits were taken than were held.
  [[nodiscard]] bool exhausted() const { return exhausted_; }

  void Clear() {
    bits_ = 0;
    held_ = 0;
  }

 private:
  std::uint64_t bits_ = 0;  // from the top
  int held_ = 0;
  bool exhausted_ = false;
};

}  // namespace cxr
