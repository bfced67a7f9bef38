// SPDX-License-Identifier: Apache-2.0
// DisplayCurve in the words of a presentation state.
#include <dcmtk/dcmdata/dcdeftag.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <stdexcept>
#include <string>
#include <vector>

#include "service/dicom/display/display_curve.h"
#include "service/dicom/read/attribute.h"

namespace cxr {
namespace {

/// As exact as the 16 characters of a DS allow (PS3.5, 6.2).
std::string ExactDecimal(double value) {
  constexpr std::size_t kLongest = 16;
  char text[40];
  for (int digits = 15; digits > 0; --digits) {
    const int length = std::snprintf(text, sizeof text, "%.*g", digits, value);
    if (static_cast<std::size_t>(length) <= kLongest) break;
  }
  return text;
}

/// A LUT as a presentation state may have it: its entries have 8 or 16 bits (C.11.8).
struct WrittenLut {
  std::vector<std::uint16_t> entries;
  std::int64_t first = 0;
  int bits = 16;
};

/// The outputs of a VOI LUT are shares of its top: those of other widths become the same shares of 16 bits.
WrittenLut Written(const StoredLut& lut) {
  constexpr double kTop8 = 255;
  constexpr double kTop16 = 65535;
  WrittenLut written{lut.entries, lut.first, lut.top == kTop8 ? 8 : 16};
  if (lut.top == kTop8 || lut.top == kTop16) return written;
  for (std::uint16_t& entry : written.entries) {
    entry = static_cast<std::uint16_t>(std::lround(entry * kTop16 / lut.top));
  }
  return written;
}

void PutVoiLut(DcmItem& voi, const WrittenLut& lut) {
  DcmItem& item = AppendItem(voi, DCM_VOILUTSequence);
  const auto count = static_cast<Uint16>(lut.entries.size());  // 65,536 is written as 0
  OFCondition written;
  if (lut.first < 0) {
    const Sint16 descriptor[3] = {static_cast<Sint16>(count), static_cast<Sint16>(lut.first),
                                  static_cast<Sint16>(lut.bits)};
    written = item.putAndInsertSint16Array(DcmTag(DCM_LUTDescriptor, EVR_SS), descriptor, 3);
  } else {
    const Uint16 descriptor[3] = {count, static_cast<Uint16>(lut.first), static_cast<Uint16>(lut.bits)};
    written = item.putAndInsertUint16Array(DcmTag(DCM_LUTDescriptor, EVR_US), descriptor, 3);
  }
  if (written.good()) {
    written = item.putAndInsertUint16Array(DcmTag(DCM_LUTData, EVR_OW), lut.entries.data(), lut.entries.size());
  }
  if (written.bad()) throw std::runtime_error("cannot write a lookup table");
}

void PutWindow(DcmItem& voi, double center, double width, const char* function) {
  PutText(voi, DCM_WindowCenter, ExactDecimal(center));
  PutText(voi, DCM_WindowWidth, ExactDecimal(width));
  PutText(voi, DCM_VOILUTFunction, function);
}

}  // namespace

void DisplayCurve::WriteTransformations(DcmItem& state) const {
  // A presentation state does not heed MONOCHROME1: black is its smallest value unless the shape says otherwise.
  PutText(state, DCM_PresentationLUTShape, inverted_ ? "INVERSE" : "IDENTITY");
  DcmItem& voi = AppendItem(state, DCM_SoftcopyVOILUTSequence);
  if (modality_lut_.has_value()) {
    // One table from stored values to shares says what a Modality LUT and what follows it say, and has no limit of bits
    // between the two. Beyond its ends a Modality LUT is constant, and so is this.
    WrittenLut both{{}, modality_lut_->first, 16};
    for (std::size_t i = 0; i < modality_lut_->entries.size(); ++i) {
      const double share = Share(Modality(modality_lut_->first + static_cast<std::int64_t>(i)));
      both.entries.push_back(static_cast<std::uint16_t>(std::lround(65535 * std::clamp(share, 0.0, 1.0))));
    }
    PutVoiLut(voi, both);
    return;
  }
  if (slope_ != 1 || intercept_ != 0) {
    PutText(state, DCM_RescaleIntercept, ExactDecimal(intercept_));
    PutText(state, DCM_RescaleSlope, ExactDecimal(slope_));
    PutText(state, DCM_RescaleType, "US");
  }
  WriteVoi(voi);
}

void DisplayCurve::WriteVoi(DcmItem& voi) const {
  switch (voi_) {
    case Voi::kLut:
      PutVoiLut(voi, Written(*voi_lut_));
      break;
    case Voi::kLinear:
      PutWindow(voi, center_, width_, "LINEAR");
      break;
    case Voi::kLinearExact:
      PutWindow(voi, center_, width_, "LINEAR_EXACT");
      break;
    case Voi::kSigmoid:
      PutWindow(voi, center_, width_, "SIGMOID");
      break;
    case Voi::kRange:
      // C.11.2.1.2.1: from centre - 0.5 - (width - 1) / 2 to centre - 0.5 + (width - 1) / 2. A range of one value is
      // black.
      PutWindow(voi, high_ > low_ ? (low_ + high_) / 2 + 0.5 : low_ + 1, high_ > low_ ? high_ - low_ + 1 : 1, "LINEAR");
      break;
  }
}

}  // namespace cxr
