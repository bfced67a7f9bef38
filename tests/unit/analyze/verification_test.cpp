// SPDX-License-Identifier: Apache-2.0
#include "service/analyze/verification.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "service/analyze/region_overlap.h"

namespace cxr {
namespace {

using testing::HasSubstr;

StoredReport Report() {
  StoredReport report;
  report.sop_instance_uid = "2.25.9";
  report.study_instance_uid = "2.25.1";
  report.source_instance_uid = "2.25.3";
  report.model = {"model", "1.0.0", std::string(64, 'a')};
  report.service_version = "0.1.0";
  report.settings = "population=enforce;overlay-long-side=1024";
  report.outcome = "Analysed with warnings";
  report.reasons = {"Age is not known"};
  report.findings = {"Viral pneumonia (75570004)"};
  report.qualifiers = "Suspected (415684004)";
  report.conclusion = "Positive";
  report.numbers = {{"Pneumonia score", 93.12}, {"Operating point of pneumonia score", 50}};
  report.regions = {{{0, 0}, {100, 0}, {100, 100}, {0, 100}}};
  report.summary = "Viral. Pneumonia score 93.12 %, operating point 50.00 %: positive.";
  return report;
}

std::string DifferencesWhen(const std::function<void(StoredReport&)>& change) {
  StoredReport repeated = Report();
  change(repeated);
  return Differences(CompareReports(Report(), repeated));
}

TEST(Verification, HoldsWhenEverythingIsTheSame) {
  const Verification verification = CompareReports(Report(), Report());
  EXPECT_EQ(Differences(verification), "");
  EXPECT_TRUE(std::all_of(verification.begin(), verification.end(),
                          [](const ComparedItem& item) { return item.agreement == Agreement::kSame; }));
}

TEST(Verification, NamesWhateverDiffers) {
  EXPECT_EQ(DifferencesWhen([](StoredReport& r) { r.model.version = "1.0.1"; }), "Model");
  EXPECT_EQ(DifferencesWhen([](StoredReport& r) { r.model.sha256[0] = 'b'; }), "Model SHA-256");
  EXPECT_EQ(DifferencesWhen([](StoredReport& r) { r.outcome = "Analysed"; }), "Outcome");
  EXPECT_EQ(DifferencesWhen([](StoredReport& r) { r.reasons.clear(); }), "Reasons");
  EXPECT_EQ(DifferencesWhen([](StoredReport& r) { r.findings = {"Normal (17621005)"}; }), "Finding");
  EXPECT_EQ(DifferencesWhen([](StoredReport& r) { r.qualifiers = "Known present (410515003)"; }), "Qualifier");
  EXPECT_EQ(DifferencesWhen([](StoredReport& r) { r.qualifiers = ""; }), "Qualifier");
  EXPECT_EQ(DifferencesWhen([](StoredReport& r) { r.conclusion = "Indeterminate"; }), "Conclusion");
  EXPECT_EQ(DifferencesWhen([](StoredReport& r) { r.numbers[0].percent = 93.14; }), "Pneumonia score");
  EXPECT_EQ(DifferencesWhen([](StoredReport& r) { r.numbers.pop_back(); }), "Operating point of pneumonia score");
  EXPECT_EQ(DifferencesWhen([](StoredReport& r) { r.regions.clear(); }), "Regions");
  EXPECT_EQ(DifferencesWhen([](StoredReport& r) { r.regions[0][1].x = r.regions[0][2].x = 90; }), "Regions");
  EXPECT_EQ(DifferencesWhen([](StoredReport& r) { r.summary = "Normal."; }), "Summary");
}

TEST(Verification, TakesNumbersForTheSameWithinTheToleranceOfPrinting) {
  EXPECT_EQ(DifferencesWhen([](StoredReport& r) {
              r.numbers[0].percent = 93.13;
              r.summary = "Viral. Pneumonia score 93.13 %, operating point 50.00 %: positive.";
            }),
            "");
}

TEST(Verification, TakesRegionsForTheSameWhenTheyOverlapNearlyWhole) {
  EXPECT_EQ(DifferencesWhen([](StoredReport& r) { r.regions[0][1].x = r.regions[0][2].x = 99; }), "");
}

TEST(Verification, DecidesOnSettingsThatMatterOnly) {
  EXPECT_EQ(DifferencesWhen([](StoredReport& r) { r.settings = "population=enforce;overlay-long-side=512"; }), "");
  EXPECT_EQ(DifferencesWhen([](StoredReport& r) { r.settings = "population=warn;overlay-long-side=1024"; }),
            "Settings");
  EXPECT_EQ(
      DifferencesWhen([](StoredReport& r) { r.settings = "population=enforce;overlay-long-side=1024;unlike=off"; }),
      "Settings");
}

TEST(Verification, AllowsAnotherVersionOtherWordsButNoOtherResult) {
  EXPECT_EQ(DifferencesWhen([](StoredReport& r) {
              r.service_version = "0.2.0";
              r.summary = "Said otherwise.";
            }),
            "");
}

TEST(Verification, TakesSilenceOfAnOlderReportForNoDifference) {
  StoredReport older = Report();
  older.qualifiers = older.conclusion = "";
  StoredReport repeated = Report();
  repeated.service_version = "0.2.0";
  repeated.numbers.push_back({"Lower operating point of pneumonia score", 40});
  EXPECT_EQ(Differences(CompareReports(older, repeated)), "");
  EXPECT_THAT(ToTable(CompareReports(older, repeated)), HasSubstr("differs, does not decide"));
  older.numbers.clear();
  EXPECT_THAT(Differences(CompareReports(older, repeated)), HasSubstr("Pneumonia score"));
  repeated.findings = {"Indeterminate (82334004)"};
  EXPECT_THAT(Differences(CompareReports(older, repeated)), HasSubstr("Finding"));
}

TEST(Verification, ComparesTheSourceByInstanceAndStudy) {
  EXPECT_EQ(Differences(CompareSource(Report(), {"2.25.1", "2.25.2", "2.25.3"})), "");
  EXPECT_EQ(Differences(CompareSource(Report(), {"2.25.1", "2.25.2", "2.25.4"})), "Source instance");
  EXPECT_EQ(Differences(CompareSource(Report(), {"2.25.7", "2.25.2", "2.25.3"})), "Study");
}

TEST(Verification, PrintsATableThatATerminalCanShow) {
  StoredReport repeated = Report();
  repeated.findings = {"\x1b[2Jgone"};
  repeated.numbers[0].percent = 93.13;
  const std::string table = ToTable(CompareReports(Report(), repeated));
  EXPECT_THAT(table, HasSubstr("COMPARED"));
  EXPECT_THAT(table, HasSubstr("DIFFERS"));
  EXPECT_THAT(table, HasSubstr("within tolerance"));
  EXPECT_THAT(table, HasSubstr("93.12 %"));
  EXPECT_EQ(table.find('\x1b'), std::string::npos);
}

TEST(RegionOverlap, IsTheShareOfTheCommonArea) {
  const Polygon left = {{0, 0}, {10, 0}, {10, 10}, {0, 10}};
  const Polygon right = {{5, 0}, {15, 0}, {15, 10}, {5, 10}};
  EXPECT_EQ(IntersectionOverUnion({left}, {left}), 1);
  EXPECT_NEAR(IntersectionOverUnion({left}, {right}), 1.0 / 3, 0.01);
  EXPECT_EQ(IntersectionOverUnion({left, right}, {right, left}), 1);
  EXPECT_EQ(IntersectionOverUnion({left}, {}), 0);
  EXPECT_EQ(IntersectionOverUnion({}, {}), 1);
  const Polygon triangle = {{0, 0}, {10, 0}, {0, 10}};
  EXPECT_NEAR(IntersectionOverUnion({left}, {triangle}), 0.5, 0.01);
}

}  // namespace
}  // namespace cxr
