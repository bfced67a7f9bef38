// SPDX-License-Identifier: Apache-2.0
#include "service/imaging/preprocess.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <stdexcept>

#include "service/core/vector_clones.h"

namespace cxr {
namespace {

/// Which source samples make one output sample, and with which weights.
struct Tap {
  int first = 0;
  std::vector<float> weights;  // sums to 1
};

std::vector<Tap> TriangleTaps(int source, int target) {
  const double scale = static_cast<double>(source) / target;
  const double support = std::max(scale, 1.0);
  std::vector<Tap> taps(static_cast<std::size_t>(target));
  for (int i = 0; i < target; ++i) {
    const double center = (i + 0.5) * scale;
    const int first = std::max(0, static_cast<int>(center - support + 0.5));
    const int last = std::min(source, static_cast<int>(center + support + 0.5));
    std::vector<double> weights;
    double sum = 0;
    for (int k = first; k < last; ++k) {
      weights.push_back(std::max(0.0, 1.0 - std::abs(k + 0.5 - center) / support));
      sum += weights.back();
    }
    Tap& tap = taps[static_cast<std::size_t>(i)];
    tap.first = first;
    for (const double weight : weights) tap.weights.push_back(static_cast<float>(weight / sum));
  }
  return taps;
}

CXR_VECTOR_CLONES void AddWeightedRow(const std::uint8_t* __restrict source, float weight, int columns,
                                      float* __restrict sum) {
  for (int x = 0; x < columns; ++x) sum[x] += weight * static_cast<float>(source[x]);
}

/// Two rows at once: half the traffic on `sum`, which is what bounds the loop.
CXR_VECTOR_CLONES void AddWeightedRows(const std::uint8_t* __restrict first, const std::uint8_t* __restrict second,
                                       float first_weight, float second_weight, int columns, float* __restrict sum) {
  for (int x = 0; x < columns; ++x) {
    sum[x] += first_weight * static_cast<float>(first[x]) + second_weight * static_cast<float>(second[x]);
  }
}

CXR_VECTOR_CLONES float Dot(const float* __restrict values, const float* __restrict weights, std::size_t count) {
  float sum = 0;
  for (std::size_t k = 0; k < count; ++k) sum += values[k] * weights[k];
  return sum;
}

void BlendRows(const GrayImage& image, const Tap& tap, std::vector<float>& row) {
  std::fill(row.begin(), row.end(), 0.0F);
  const auto stride = static_cast<std::size_t>(image.columns);
  const std::uint8_t* source = image.pixels.data() + static_cast<std::size_t>(tap.first) * stride;
  std::size_t k = 0;
  for (; k + 1 < tap.weights.size(); k += 2, source += 2 * stride) {
    AddWeightedRows(source, source + stride, tap.weights[k], tap.weights[k + 1], image.columns, row.data());
  }
  if (k < tap.weights.size()) AddWeightedRow(source, tap.weights[k], image.columns, row.data());
}

void CheckSizes(const GrayImage& image, InputSize size) {
  if (size.rows <= 0 || size.columns <= 0) throw std::invalid_argument("the network's input size must be positive");
  if (image.rows <= 0 || image.columns <= 0 ||
      image.pixels.size() != static_cast<std::size_t>(image.rows) * static_cast<std::size_t>(image.columns)) {
    throw std::invalid_argument("the image's pixels do not fill its rows and columns");
  }
}

}  // namespace

std::vector<float> Preprocess(const GrayImage& image, InputSize size) {
  CheckSizes(image, size);
  const std::vector<Tap> vertical = TriangleTaps(image.rows, size.rows);
  const std::vector<Tap> horizontal = TriangleTaps(image.columns, size.columns);
  std::vector<float> row(static_cast<std::size_t>(image.columns));
  std::vector<float> output;
  output.reserve(vertical.size() * horizontal.size());
  for (const Tap& down : vertical) {
    BlendRows(image, down, row);
    for (const Tap& across : horizontal) {
      const float value = Dot(row.data() + across.first, across.weights.data(), across.weights.size());
      output.push_back(value / 127.5F - 1.0F);
    }
  }
  return output;
}

}  // namespace cxr
