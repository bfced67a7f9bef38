// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "service/dicom/read/attribute.h"

namespace cxr {

/// The age of a patient in years, from PatientAge (0010,1010), else from the birth date and the study, acquisition or
/// content date, whichever first gives a possible age (0 to 130). Nothing when neither does.
[[nodiscard]] absl::optional<double> ReadAgeYears(DcmItem& dataset);

/// An age string in years: "010D", "003W", "009M" or "004Y" (PS3.5, VR AS); a bare number such as "62" is invalid but
/// common and means years. Nothing when it is neither or not possible, and for an age of
/// zero, which is a placeholder.
[[nodiscard]] absl::optional<double> ParseAgeYears(absl::string_view text);

/// Years between two dates, both "YYYYMMDD" or "YYYY.MM.DD": completed years and the fraction of the running one.
/// Nothing when a date is invalid or the age is not possible.
[[nodiscard]] absl::optional<double> YearsBetween(absl::string_view birth, absl::string_view study);

}  // namespace cxr
