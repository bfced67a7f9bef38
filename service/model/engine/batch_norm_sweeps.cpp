// SPDX-License-Identifier: Apache-2.0
#include "service/model/engine/batch_norm_sweeps.h"

#include <algorithm>
#include <cstring>

namespace cxr {
namespace {

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_THREAD__)
// Debian's baseline has no vectors of eight floats; the loader picks what the processor has.
#define CXR_VECTOR_CLONES __attribute__((target_clones("default", "arch=x86-64-v3", "arch=x86-64-v4"), optimize("O3")))
#else
#define CXR_VECTOR_CLONES
#endif

inline float Widen(Bfloat16Bits bits) {
  const std::uint32_t wide = static_cast<std::uint32_t>(bits) << 16U;
  float value;
  std::memcpy(&value, &wide, sizeof value);
  return value;
}

/// To the nearest, ties to even. Not for NaN, which becomes infinity at worst: a loss that is lost either way.
inline Bfloat16Bits Narrow(float value) {
  std::uint32_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  return static_cast<Bfloat16Bits>((bits + 0x7FFFU + ((bits >> 16U) & 1U)) >> 16U);
}

inline float Passed(float gradient, float before_clamp, const AffineClamp& affine) {
  return before_clamp > affine.low && before_clamp < affine.high ? gradient : 0.0F;
}

}  // namespace

CXR_VECTOR_CLONES void SumMoments(const Bfloat16Bits* __restrict x, std::int64_t rows, std::int64_t channels,
                                  float* __restrict sums, float* __restrict squares) {
  for (std::int64_t row = 0; row < rows; ++row, x += channels) {
    for (std::int64_t c = 0; c < channels; ++c) {
      const float value = Widen(x[c]);
      sums[c] += value;
      squares[c] += value * value;
    }
  }
}

CXR_VECTOR_CLONES void ApplyAffineClamp(const Bfloat16Bits* __restrict x, std::int64_t rows, std::int64_t channels,
                                        const AffineClamp& affine, Bfloat16Bits* __restrict y) {
  const float* __restrict scale = affine.scale;
  const float* __restrict offset = affine.offset;
  const float low = affine.low;
  const float high = affine.high;
  for (std::int64_t row = 0; row < rows; ++row, x += channels, y += channels) {
    for (std::int64_t c = 0; c < channels; ++c)
      y[c] = Narrow(std::min(std::max(Widen(x[c]) * scale[c] + offset[c], low), high));
  }
}

CXR_VECTOR_CLONES void SumGradients(const Bfloat16Bits* __restrict x, const Bfloat16Bits* __restrict dy,
                                    std::int64_t rows, std::int64_t channels, const AffineClamp& affine,
                                    float* __restrict sums, float* __restrict products) {
  const AffineClamp local = affine;
  const float* __restrict scale = affine.scale;
  const float* __restrict offset = affine.offset;
  for (std::int64_t row = 0; row < rows; ++row, x += channels, dy += channels) {
    for (std::int64_t c = 0; c < channels; ++c) {
      const float value = Widen(x[c]);
      const float gradient = Passed(Widen(dy[c]), value * scale[c] + offset[c], local);
      sums[c] += gradient;
      products[c] += gradient * value;
    }
  }
}

CXR_VECTOR_CLONES void ApplyGradient(const Bfloat16Bits* __restrict x, const Bfloat16Bits* __restrict dy,
                                     std::int64_t rows, std::int64_t channels, const AffineClamp& affine,
                                     const float* __restrict slope, const float* __restrict constant,
                                     Bfloat16Bits* __restrict dx) {
  const AffineClamp local = affine;
  const float* __restrict scale = affine.scale;
  const float* __restrict offset = affine.offset;
  for (std::int64_t row = 0; row < rows; ++row, x += channels, dy += channels, dx += channels) {
    for (std::int64_t c = 0; c < channels; ++c) {
      const float value = Widen(x[c]);
      const float gradient = Passed(Widen(dy[c]), value * scale[c] + offset[c], local);
      dx[c] = Narrow(scale[c] * gradient + slope[c] * value + constant[c]);
    }
  }
}

}  // namespace cxr
