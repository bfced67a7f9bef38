// SPDX-License-Identifier: Apache-2.0
#include "service/dicom/read/patient_age.h"

#include <dcmtk/dcmdata/dcdeftag.h>

#include <algorithm>
#include <chrono>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_replace.h"

namespace cxr {
namespace {

constexpr double kOldest = 130;
constexpr double kDaysPerYear = 365.25;

bool IsDigits(absl::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

absl::optional<std::chrono::year_month_day> ParseDate(absl::string_view text) {
  // "YYYY.MM.DD" is the form of ACR-NEMA, which old archives still hold.
  const std::string digits = text.size() == 10 ? absl::StrReplaceAll(text, {{".", ""}}) : std::string(text);
  if (digits.size() != 8 || !IsDigits(digits)) return absl::nullopt;
  const int number = std::stoi(digits);
  const std::chrono::year_month_day date{std::chrono::year(number / 10000),
                                         std::chrono::month(static_cast<unsigned>(number / 100 % 100)),
                                         std::chrono::day(static_cast<unsigned>(number % 100))};
  if (!date.ok()) return absl::nullopt;
  return date;
}

}  // namespace

absl::optional<double> ParseAgeYears(absl::string_view text) {
  const std::string trimmed = absl::AsciiStrToUpper(absl::StripAsciiWhitespace(text));
  absl::string_view number = trimmed;
  double units_per_year = 1;
  if (!number.empty() && !IsDigits(number.substr(number.size() - 1))) {
    switch (number.back()) {
      case 'Y':
        break;
      case 'M':
        units_per_year = 12;
        break;
      case 'W':
        units_per_year = kDaysPerYear / 7;
        break;
      case 'D':
        units_per_year = kDaysPerYear;
        break;
      default:
        return absl::nullopt;
    }
    number.remove_suffix(1);
  }
  int value = 0;
  if (!IsDigits(number) || number.size() > 4 || !absl::SimpleAtoi(number, &value)) return absl::nullopt;
  if (value == 0) return absl::nullopt;  // what devices write that do not know the age
  const double years = value / units_per_year;
  if (years > kOldest) return absl::nullopt;
  return years;
}

absl::optional<double> YearsBetween(absl::string_view birth, absl::string_view study) {
  const absl::optional<std::chrono::year_month_day> from = ParseDate(birth);
  const absl::optional<std::chrono::year_month_day> to = ParseDate(study);
  if (!from.has_value() || !to.has_value() || *to < *from) return absl::nullopt;
  int years = static_cast<int>(to->year()) - static_cast<int>(from->year());
  auto last_birthday = *from + std::chrono::years(years);
  if (last_birthday > *to) {
    --years;
    last_birthday = *from + std::chrono::years(years);
  }
  // Converting to days carries a birthday of 29 February over to 1 March in common years.
  const double days = static_cast<double>((std::chrono::sys_days(*to) - std::chrono::sys_days(last_birthday)).count());
  const double age = years + std::clamp(days / kDaysPerYear, 0.0, 0.999);
  if (age > kOldest) return absl::nullopt;
  return age;
}

absl::optional<double> ReadAgeYears(DcmItem& dataset) {
  const absl::optional<double> stated = ParseAgeYears(FirstText(dataset, DCM_PatientAge));
  if (stated.has_value()) return stated;
  const std::string birth = FirstText(dataset, DCM_PatientBirthDate);
  if (birth == "19000101") return absl::nullopt;  // written by those who do not know it
  for (const DcmTagKey& tag : {DCM_StudyDate, DCM_AcquisitionDate, DCM_ContentDate}) {
    const absl::optional<double> age = YearsBetween(birth, FirstText(dataset, tag));
    if (age.has_value()) return age;
  }
  return absl::nullopt;
}

}  // namespace cxr
