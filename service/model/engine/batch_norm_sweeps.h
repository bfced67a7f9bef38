// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace cxr {

/// bfloat16 as stored: the upper half of a float32.
using Bfloat16Bits = std::uint16_t;

/// Of each channel: y = scale * x + offset, then clamped to low..high.
struct AffineClamp {
  const float* scale;
  const float* offset;
  float low;
  float high;
};

/// The four sweeps of BatchNorm over `rows` x `channels` values, channels together. All pointers are to whole rows;
/// sums have one value for each channel and are added to.

/// sums += x, squares += x * x.
void SumMoments(const Bfloat16Bits* x, std::int64_t rows, std::int64_t channels, float* sums, float* squares);

/// y = clamp(scale * x + offset).
void ApplyAffineClamp(const Bfloat16Bits* x, std::int64_t rows, std::int64_t channels, const AffineClamp& affine,
                      Bfloat16Bits* y);

/// With g = dy where the clamp let pass, else 0: sums += g, products += g * x.
void SumGradients(const Bfloat16Bits* x, const Bfloat16Bits* dy, std::int64_t rows, std::int64_t channels,
                  const AffineClamp& affine, float* sums, float* products);

/// dx = scale * g + slope * x + constant.
void ApplyGradient(const Bfloat16Bits* x, const Bfloat16Bits* dy, std::int64_t rows, std::int64_t channels,
                   const AffineClamp& affine, const float* slope, const float* constant, Bfloat16Bits* dx);

}  // namespace cxr
