// SPDX-License-Identifier: Apache-2.0
#include "service/dicom/display/display_curve.h"

#include <dcmtk/dcmdata/dcdeftag.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "service/base/failure.h"

namespace cxr {
namespace {

/// A value whose VR is US or SS, in the sign of the pixels.
absl::optional<std::int64_t> PixelValue(DcmItem& dataset, const DcmTagKey& tag, bool is_signed) {
  const absl::optional<long> value = FirstInteger(dataset, tag);
  if (!value.has_value()) return absl::nullopt;
  const auto word = static_cast<std::uint16_t>(*value);
  return is_signed ? std::int64_t{static_cast<std::int16_t>(word)} : std::int64_t{word};
}

std::pair<double, double> Ordered(double a, double b) {
  return {std::min(a, b), std::max(a, b)};
}

}  // namespace

absl::StatusOr<DisplayCurve> DisplayCurve::Create(DcmItem& dataset, const PixelLayout& layout) {
  DisplayCurve curve;
  curve.bits_stored_ = layout.bits_stored;
  const std::int64_t count = std::int64_t{1} << layout.bits_stored;
  curve.stored_range_ = layout.is_signed ? StoredRange{-count / 2, count / 2 - 1} : StoredRange{0, count - 1};
  curve.ReadPadding(dataset, layout);

  absl::StatusOr<absl::optional<StoredLut>> modality = ReadLut(dataset, DCM_ModalityLUTSequence, layout.is_signed);
  if (!modality.ok()) {
    return Failure(FailureReason::kUndecodablePixelData,
                   "Descriptor and data of the Modality LUT (0028,3000) contradict each other.");
  }
  curve.modality_lut_ = *std::move(modality);
  const double slope = NumberAt(dataset, DCM_RescaleSlope).value_or(1);
  if (!curve.modality_lut_.has_value() && slope != 0) {
    curve.slope_ = slope;
    curve.intercept_ = NumberAt(dataset, DCM_RescaleIntercept).value_or(0);
  }
  curve.ReadVoi(dataset);
  // Both say the same of a MONOCHROME1 image (PS3.3 C.11.6.1.2), so either inverts, and not one the other.
  curve.inverted_ =
      layout.photometric == "MONOCHROME1" || FirstTextUpper(dataset, DCM_PresentationLUTShape) == "INVERSE";
  curve.FitTo(curve.stored_range_);
  return curve;
}

void DisplayCurve::ReadPadding(DcmItem& dataset, const PixelLayout& layout) {
  const absl::optional<std::int64_t> value = PixelValue(dataset, DCM_PixelPaddingValue, layout.is_signed);
  if (!value.has_value()) return;
  const std::int64_t limit = PixelValue(dataset, DCM_PixelPaddingRangeLimit, layout.is_signed).value_or(*value);
  padding_ = StoredRange{std::min(*value, limit), std::max(*value, limit)};
}

void DisplayCurve::ReadVoi(DcmItem& dataset) {
  const double lowest = std::min(Modality(stored_range_.low), Modality(stored_range_.high));
  const bool negative = !modality_lut_.has_value() && lowest < 0;
  absl::StatusOr<absl::optional<StoredLut>> lut = ReadLut(dataset, DCM_VOILUTSequence, negative);
  if (lut.ok() && lut->has_value()) {
    voi_ = Voi::kLut;
    voi_lut_ = **std::move(lut);
    return;
  }
  const std::string function = FirstTextUpper(dataset, DCM_VOILUTFunction);
  const Voi voi = function == "SIGMOID" ? Voi::kSigmoid : function == "LINEAR_EXACT" ? Voi::kLinearExact : Voi::kLinear;
  constexpr unsigned long kMostWindows = 64;
  for (unsigned long i = 0; voi_ == Voi::kRange && i < kMostWindows; ++i) {
    if (TextUpperAt(dataset, DCM_WindowCenter, i).empty() && TextUpperAt(dataset, DCM_WindowWidth, i).empty() && i > 1)
      break;
    TakeWindow(NumberAt(dataset, DCM_WindowCenter, i), NumberAt(dataset, DCM_WindowWidth, i), voi);
  }
}

/// C.11.2.1.2.1: LINEAR asks for a width of at least 1, the others for more than 0, and takes inputs for whole numbers:
/// it moves the window by a half and narrows it by one. After a small slope they are not, and a narrow window would
/// lose much of its range, or all; LINEAR_EXACT says what such a window means.
void DisplayCurve::TakeWindow(absl::optional<double> center, absl::optional<double> width, Voi voi) {
  if (!center.has_value() || !width.has_value() || *width <= 0) return;
  constexpr double kNarrow = 16;
  if (voi == Voi::kLinear && *width < std::min(1.0, std::abs(slope_))) return;
  if (voi == Voi::kLinear && *width < kNarrow && std::abs(slope_) < 1) voi = Voi::kLinearExact;
  voi_ = voi;
  center_ = *center;
  width_ = *width;
}

void DisplayCurve::FitTo(const StoredRange& data) {
  if (voi_ != Voi::kRange) return;
  auto [full_low, full_high] = Ordered(Modality(stored_range_.low), Modality(stored_range_.high));
  auto [data_low, data_high] = Ordered(Modality(data.low), Modality(data.high));
  if (modality_lut_.has_value()) {
    full_low = 0;
    full_high = modality_lut_->top;
    for (std::int64_t stored = data.low; stored <= data.high && stored - data.low <= 0xffff; ++stored) {
      data_low = std::min(data_low, Modality(stored));
      data_high = std::max(data_high, Modality(stored));
    }
  }
  const bool whole = bits_stored_ <= 8 || data_high - data_low >= (full_high - full_low) / 2 || data.low > data.high;
  low_ = whole ? full_low : data_low;
  high_ = whole ? full_high : data_high;
}

double DisplayCurve::Modality(std::int64_t stored) const {
  if (modality_lut_.has_value()) return modality_lut_->Map(static_cast<double>(stored));
  return slope_ * static_cast<double>(stored) + intercept_;
}

/// The display value as a share of white. PS3.3 C.11.2.1.2.1, C.11.2.1.3.1 and C.11.2.1.3.2, with outputs 0 to 1.
double DisplayCurve::Share(double value) const {
  switch (voi_) {
    case Voi::kLut:
      return voi_lut_->Map(value) / voi_lut_->top;
    case Voi::kLinear:
      if (value <= center_ - 0.5 - (width_ - 1) / 2) return 0;
      if (value > center_ - 0.5 + (width_ - 1) / 2) return 1;
      return (value - (center_ - 0.5)) / (width_ - 1) + 0.5;
    case Voi::kLinearExact:
      return (value - center_) / width_ + 0.5;
    case Voi::kSigmoid:
      return 1 / (1 + std::exp(-4 * (value - center_) / width_));
    case Voi::kRange:
      return high_ > low_ ? (value - low_) / (high_ - low_) : 0;
  }
  return 0;
}

absl::optional<LevelLine> DisplayCurve::line() const {
  double center = center_;
  double width = width_;
  switch (voi_) {
    case Voi::kLut:
    case Voi::kSigmoid:
      return absl::nullopt;
    case Voi::kLinear:
      center -= 0.5;
      width -= 1;
      break;
    case Voi::kLinearExact:
      break;
    case Voi::kRange:
      center = (low_ + high_) / 2;
      width = high_ - low_;
      break;
  }
  if (modality_lut_.has_value() || !(width > 0)) return absl::nullopt;
  const double gain = 255 / width;
  const LevelLine line{gain * slope_, gain * (intercept_ - center) + 127.5};
  if (inverted_) return LevelLine{-line.slope, 255 - line.offset};
  return line;
}

std::uint8_t DisplayCurve::Map(std::int64_t stored) const {
  if (padding_.has_value() && stored >= padding_->low && stored <= padding_->high) return 0;
  const double share = std::clamp(Share(Modality(stored)), 0.0, 1.0);
  return static_cast<std::uint8_t>(std::lround(255 * (inverted_ ? 1 - share : share)));
}

}  // namespace cxr
