// SPDX-License-Identifier: Apache-2.0
#include "service/dicom/read/patient_age.h"

#include <gtest/gtest.h>

#include "service/dicom/dicom_reader.h"
#include "tests/support/dicom_fixture.h"
#include "tests/unit/dicom/support/analysis_samples.h"

namespace cxr {
namespace {

using test::DicomFixture;

absl::optional<double> AgeOf(std::vector<std::pair<std::string, std::string>> attributes) {
  DicomFixture fixture;
  fixture.attributes = std::move(attributes);
  const std::string file = fixture.Build();
  return (*test::Reader()->Read(file))->facts().age_years;
}

TEST(PatientAge, ReadsEveryUnit) {
  EXPECT_DOUBLE_EQ(*ParseAgeYears("004Y"), 4);
  EXPECT_DOUBLE_EQ(*ParseAgeYears("018M"), 1.5);
  EXPECT_NEAR(*ParseAgeYears("052W"), 0.9966, 1e-3);
  EXPECT_NEAR(*ParseAgeYears("365D"), 0.9993, 1e-3);
  EXPECT_DOUBLE_EQ(*ParseAgeYears(" 4y "), 4);
}

TEST(PatientAge, TakesABareNumberForYears) {
  EXPECT_DOUBLE_EQ(*ParseAgeYears("62"), 62);
  EXPECT_DOUBLE_EQ(*AgeOf({{"PatientAge", "62"}}), 62);
}

TEST(PatientAge, IsUnknownWhenNotPossible) {
  for (const char* text : {"", "Y", "4X", "-4Y", "999Y", "131Y", "four", "00000000004Y", "4.5Y", "000Y", "000M", "0"}) {
    EXPECT_FALSE(ParseAgeYears(text).has_value()) << text;
  }
}

TEST(PatientAge, CountsCompletedYearsBetweenDates) {
  EXPECT_EQ(static_cast<int>(*YearsBetween("20150613", "20200612")), 4);
  EXPECT_EQ(static_cast<int>(*YearsBetween("20150612", "20200612")), 5);
  EXPECT_EQ(static_cast<int>(*YearsBetween("20160229", "20210228")), 4);
  EXPECT_EQ(static_cast<int>(*YearsBetween("20160229", "20210301")), 5);
  EXPECT_NEAR(*YearsBetween("20200101", "20200702"), 0.5, 0.01);
  EXPECT_EQ(static_cast<int>(*YearsBetween("1990.02.24", "1993.02.24")), 3);
}

TEST(PatientAge, IsUnknownBetweenImpossibleDates) {
  EXPECT_FALSE(YearsBetween("20200613", "20200612").has_value());
  EXPECT_FALSE(YearsBetween("17000101", "20200612").has_value());
  EXPECT_FALSE(YearsBetween("20201301", "20220612").has_value());
  EXPECT_FALSE(YearsBetween("", "20220612").has_value());
  EXPECT_FALSE(YearsBetween("2020-1-1xx", "20220612").has_value());
}

TEST(PatientAge, PrefersTheStatedAgeToDates) {
  EXPECT_DOUBLE_EQ(*AgeOf({{"PatientAge", "003Y"}, {"PatientBirthDate", "19500101"}}), 3);
}

TEST(PatientAge, TriesEveryDateUntilOneIsPossible) {
  // A study date of 1901 is what de-identification leaves behind.
  EXPECT_EQ(static_cast<int>(*AgeOf({{"PatientAge", ""},
                                     {"PatientBirthDate", "20160101"},
                                     {"StudyDate", "19010101"},
                                     {"AcquisitionDate", "20180601"}})),
            2);
  EXPECT_EQ(
      static_cast<int>(*AgeOf(
          {{"PatientAge", ""}, {"PatientBirthDate", "20160101"}, {"StudyDate", ""}, {"ContentDate", "20190601"}})),
      3);
}

TEST(PatientAge, IsUnknownWithoutAgeAndBirthDate) {
  EXPECT_FALSE(AgeOf({{"PatientAge", ""}}).has_value());
}

TEST(PatientAge, TakesZeroForAPlaceholder) {
  EXPECT_EQ(static_cast<int>(*AgeOf({{"PatientAge", "000Y"}, {"PatientBirthDate", "20160101"}})), 4);
  EXPECT_FALSE(AgeOf({{"PatientAge", "000Y"}, {"PatientBirthDate", "19000101"}}).has_value());
}

TEST(PatientAge, TakesTheFirstOfSeveralValues) {
  EXPECT_DOUBLE_EQ(*AgeOf({{"PatientAge", "062Y\\003Y"}}), 62);
}

}  // namespace
}  // namespace cxr
