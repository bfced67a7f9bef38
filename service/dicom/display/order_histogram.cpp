// SPDX-License-Identifier: Apache-2.0
#include "service/dicom/display/order_histogram.h"

#include <algorithm>
#include <numeric>

namespace cxr {
namespace {

constexpr std::uint32_t kMostBins = 1u << 16;

}  // namespace

OrderHistogram::OrderHistogram(const OrderExtremes& extremes)
    : extremes_(extremes),
      bin_width_((extremes.high - extremes.low) / kMostBins + 1),
      counts_((extremes.high - extremes.low) / bin_width_ + 1, 0) {}

OrderExtremes OrderHistogram::WithoutOutliers() const {
  constexpr std::uint64_t kShareTrimmed = 50;
  constexpr std::size_t kShareOfGap = 8;
  const std::uint64_t total = std::accumulate(counts_.begin(), counts_.end(), std::uint64_t{0});
  const std::uint64_t trimmed = total / kShareTrimmed;
  std::size_t low = 0;
  for (std::uint64_t passed = counts_[low]; passed <= trimmed && low + 1 < counts_.size(); passed += counts_[low])
    ++low;
  std::size_t high = counts_.size() - 1;
  for (std::uint64_t passed = counts_[high]; passed <= trimmed && high > low; passed += counts_[high]) --high;
  if (2 * (high - low) >= counts_.size() - 1) return extremes_;
  const std::size_t gap = std::max<std::size_t>(1, (high - low) / kShareOfGap);
  for (std::size_t bin = high + 1; bin < counts_.size() && bin - high <= gap; ++bin) {
    if (counts_[bin] > 0) high = bin;
  }
  for (std::size_t bin = low; bin-- > 0 && low - bin <= gap;) {
    if (counts_[bin] > 0) low = bin;
  }
  const std::size_t margin = (high - low) / kShareOfGap;
  const bool above = high + 1 < counts_.size();
  const std::size_t first = low > margin ? low - margin : 0;
  const std::size_t last = above ? high + margin : high;
  const auto begin = extremes_.low + static_cast<std::uint32_t>(first) * bin_width_;
  const std::uint64_t end = std::uint64_t{extremes_.low} + (last + 1) * std::uint64_t{bin_width_} - 1;
  return {begin, static_cast<std::uint32_t>(std::min<std::uint64_t>(end, extremes_.high))};
}

}  // namespace cxr
