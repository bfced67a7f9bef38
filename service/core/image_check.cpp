// SPDX-License-Identifier: Apache-2.0
#include "service/core/image_check.h"

#include <algorithm>
#include <array>
#include <cstdlib>

#include "absl/strings/str_format.h"

namespace cxr {
namespace {

constexpr int kLevels = 256;
constexpr int kMostRows = 256;
constexpr double kMostPadding = 0.95;  // of all pixels
constexpr double kOutliers = 0.02;     // of all pixels, at either end
constexpr int kLeastContrast = 16;     // grey values

// Of text pages.
constexpr int kGroundHalfWidth = 4;            // grey values around the commonest, for the noise of JPEG
constexpr double kLeastGround = 0.5;           // of all pixels
constexpr int kLeastStep = 16;                 // grey values
constexpr std::size_t kStepDistance = 2;       // pixels: an edge of anti-aliased letters
constexpr int kStepsOfText = 12;               // in a row: some letters, where a collimated field has its two edges
constexpr double kLeastRowsOfText = 0.05;      // of all rows
constexpr double kLeastStepsOffGround = 0.08;  // per pixel that is not ground

/// Some rows of an image, evenly spaced.
class Rows {
 public:
  explicit Rows(const GrayImage& image)
      : image_(image), columns_(static_cast<std::size_t>(image.columns)), spacing_(1 + (image.rows - 1) / kMostRows) {}

  [[nodiscard]] int count() const { return columns_ == 0 ? 0 : (image_.rows + spacing_ - 1) / spacing_; }
  [[nodiscard]] const std::uint8_t* row(int index) const {
    return image_.pixels.data() + static_cast<std::size_t>(index * spacing_) * columns_;
  }
  [[nodiscard]] std::size_t columns() const { return columns_; }
  [[nodiscard]] double pixels() const { return static_cast<double>(columns_) * count(); }

 private:
  const GrayImage& image_;
  std::size_t columns_;
  int spacing_;
};

/// How many pixels have each grey value.
class Histogram {
 public:
  explicit Histogram(const Rows& rows) {
    // Neighbours are often equal, and one counter for them would be a chain of stores and loads.
    std::array<std::array<std::uint32_t, kLevels>, 4> counts{};
    for (int y = 0; y < rows.count(); ++y) {
      const std::uint8_t* row = rows.row(y);
      for (std::size_t x = 0; x < rows.columns(); ++x) ++counts[x % 4][row[x]];
    }
    for (std::size_t level = 0; level < kLevels; ++level) {
      counts_[level] = counts[0][level] + counts[1][level] + counts[2][level] + counts[3][level];
      total_ += counts_[level];
    }
  }

  /// The part of all pixels from one grey value to another, both included; both may be out of range.
  [[nodiscard]] double Share(int low, int high) const {
    double sum = 0;
    for (int level = std::max(low, 0); level <= std::min(high, kLevels - 1); ++level) sum += At(level);
    return sum / total_;
  }

  /// The smallest grey value that more than `share` of all pixels do not exceed.
  [[nodiscard]] int Quantile(double share) const {
    int level = 0;
    for (double passed = At(0); passed <= share * total_ && level < kLevels - 1; passed += At(level)) ++level;
    return level;
  }

  /// The grey value with most pixels around it.
  [[nodiscard]] int Commonest() const {
    int best = 0;
    for (int level = 1; level < kLevels; ++level) {
      if (Around(level) > Around(best)) best = level;
    }
    return best;
  }

  /// The part of all pixels close to a grey value.
  [[nodiscard]] double Around(int level) const { return Share(level - kGroundHalfWidth, level + kGroundHalfWidth); }

 private:
  [[nodiscard]] double At(int level) const { return counts_[static_cast<std::size_t>(level)]; }

  std::array<std::uint32_t, kLevels> counts_{};
  double total_ = 0;
};

/// How many pixels of a row differ by `step` from their next but one.
int Steps(const std::uint8_t* row, std::size_t columns, int step) {
  int steps = 0;
  for (std::size_t x = kStepDistance; x < columns; ++x) steps += std::abs(row[x] - row[x - kStepDistance]) >= step;
  return steps;
}

bool IsTextPage(const Rows& rows, const Histogram& histogram) {
  constexpr double kFew = 0.001;
  const int ground = histogram.Commonest();
  const double ground_share = histogram.Around(ground);
  if (ground_share < kLeastGround) return false;
  const int contrast = std::max(ground - histogram.Quantile(kFew), histogram.Quantile(1 - kFew) - ground);
  if (contrast < kLeastStep) return false;
  const int step = std::max(kLeastStep, contrast / 2);
  double steps = 0;
  int rows_of_text = 0;
  for (int y = 0; y < rows.count(); ++y) {
    const int of_row = Steps(rows.row(y), rows.columns(), step);
    steps += of_row;
    if (of_row >= kStepsOfText) ++rows_of_text;
  }
  return rows_of_text >= kLeastRowsOfText * rows.count() &&
         steps >= kLeastStepsOffGround * (1 - ground_share) * rows.pixels();
}

Applicability Refused(ReasonCode code, std::string message) {
  return {Outcome::kNotApplicable, {{code, std::move(message)}}};
}

}  // namespace

Applicability AssessImage(const GrayImage& image) {
  const Rows rows(image);
  if (rows.pixels() == 0) return Refused(ReasonCode::kNoContrast, "The image has no pixels.");
  const double padding = static_cast<double>(image.padding_pixels) / static_cast<double>(image.pixels.size());
  if (padding >= kMostPadding) {
    return Refused(ReasonCode::kMostlyPadding,
                   absl::StrFormat("%.1f %% of the image is marked as padding, so there is next to nothing to analyse.",
                                   100 * padding));
  }
  const Histogram histogram(rows);
  if (IsTextPage(rows, histogram)) {
    return Refused(ReasonCode::kTextPage,
                   "The image is a page of text or lines on a plain ground, such as a dose sheet.");
  }
  const int contrast = histogram.Quantile(1 - kOutliers) - histogram.Quantile(kOutliers);
  if (contrast < kLeastContrast) {
    return Refused(
        ReasonCode::kNoContrast,
        absl::StrFormat("The image has next to no contrast: as it is displayed, almost all of it lies within "
                        "%d of 256 grey values.",
                        contrast + 1));
  }
  const double black = histogram.Share(0, 0);
  const double white = histogram.Share(kLevels - 1, kLevels - 1);
  if (std::max(black, white) >= kMostPadding) {
    return Refused(ReasonCode::kMostlyPadding,
                   absl::StrFormat("%.1f %% of the image is %s, as padding is, so there is next to nothing to analyse.",
                                   100 * std::max(black, white), black > white ? "black" : "white"));
  }
  return {};
}

}  // namespace cxr
