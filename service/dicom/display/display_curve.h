// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/types/optional.h"
#include "service/dicom/display/lookup_table.h"
#include "service/dicom/read/attribute.h"
#include "service/dicom/read/pixel_layout.h"

namespace cxr {

/// A closed range of stored values.
struct StoredRange {
  std::int64_t low = 0;
  std::int64_t high = 0;
};

/// Display values as a line over stored values: slope * stored + offset, kept within 0 to 255 and rounded.
struct LevelLine {
  double slope = 0;
  double offset = 0;
};

/// Maps stored values to display values, 0 black to 255 white: modality LUT or rescale (PS3.3 C.11.1), VOI LUT or
/// window (C.11.2), then the inversion that MONOCHROME1 or PresentationLUTShape INVERSE ask for, once. Padding becomes
/// black.
///
/// Of several windows the first usable one counts. Without VOI LUT and valid window, 8 stored bits (or fewer) are shown
/// over their whole range; of more bits the whole range too if the data span at least half of it, otherwise the range
/// of the data.
class DisplayCurve {
 public:
  /// Failure: kUndecodablePixelData for a contradictory Modality LUT; a contradictory VOI LUT or window is passed over.
  [[nodiscard]] static absl::StatusOr<DisplayCurve> Create(DcmItem& dataset, const PixelLayout& layout);

  /// Whether Map depends on FitTo having been called.
  [[nodiscard]] bool needs_data_range() const { return voi_ == Voi::kRange && bits_stored_ > 8; }

  /// Chooses the shown range, given that of the data without padding and outliers.
  void FitTo(const StoredRange& data);

  /// Stored values that are padding, if any are marked as such.
  [[nodiscard]] const absl::optional<StoredRange>& padding() const { return padding_; }

  [[nodiscard]] std::uint8_t Map(std::int64_t stored) const;

  /// The line that Map follows outside padding, to within rounding errors, unless a LUT, a sigmoid or a step bends it.
  [[nodiscard]] absl::optional<LevelLine> line() const;

  /// Writes the curve into a presentation state, so that it shows the image alike: rescale (PS3.3 C.11.1) where there
  /// is one, Softcopy VOI LUT (C.11.8), into which a Modality LUT is worked, and Softcopy Presentation LUT (C.11.6).
  /// Padding is left to the viewer: a presentation state has no word for it. FitTo must have been called if the curve
  /// needs it.
  void WriteTransformations(DcmItem& state) const;

 private:
  enum class Voi { kLut, kLinear, kLinearExact, kSigmoid, kRange };

  DisplayCurve() = default;
  void ReadVoi(DcmItem& dataset);
  void TakeWindow(absl::optional<double> center, absl::optional<double> width, Voi voi);
  void ReadPadding(DcmItem& dataset, const PixelLayout& layout);
  void WriteVoi(DcmItem& voi) const;
  [[nodiscard]] double Modality(std::int64_t stored) const;
  [[nodiscard]] double Share(double value) const;

  int bits_stored_ = 16;
  StoredRange stored_range_;
  absl::optional<StoredRange> padding_;
  absl::optional<StoredLut> modality_lut_;
  double slope_ = 1;
  double intercept_ = 0;
  Voi voi_ = Voi::kRange;
  absl::optional<StoredLut> voi_lut_;
  double center_ = 0;
  double width_ = 1;
  double low_ = 0;  // of the shown range, in modality values
  double high_ = 1;
  bool inverted_ = false;
};

}  // namespace cxr
