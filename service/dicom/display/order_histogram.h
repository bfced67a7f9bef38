// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "service/dicom/display/stored_words.h"

namespace cxr {

/// Counts orders of stored values, to tell the bulk of them from a few that lie far away: a defective pixel, a marker
/// burned in at full white.
class OrderHistogram {
 public:
  /// Of orders between the extremes; others are not counted. Extremes of which low is not above high.
  explicit OrderHistogram(const OrderExtremes& extremes);

  void Add(std::uint32_t order) {
    if (order - extremes_.low <= extremes_.high - extremes_.low) ++counts_[(order - extremes_.low) / bin_width_];
  }

  /// Orders that share a bin.
  [[nodiscard]] std::uint32_t bin_width() const { return bin_width_; }

  /// The extremes, unless the bulk of the values (without a fiftieth at either end) spans less than half of what lies
  /// between them: then those of the values that go on from the bulk without a gap of an eighth of its span, and an
  /// eighth more at an end beyond which there are outliers, so that these stay brighter or darker than the bulk. That
  /// is how radiographs prepared for viewing lie too: of 900 of them the 99.9th percentile was at .86 of white
  /// (median).
  [[nodiscard]] OrderExtremes WithoutOutliers() const;

 private:
  OrderExtremes extremes_;
  std::uint32_t bin_width_;
  std::vector<std::uint32_t> counts_;
};

}  // namespace cxr
