// SPDX-License-Identifier: Apache-2.0
#include "service/dicom/tools/report_reader.h"

#include <dcmtk/dcmdata/dcdeftag.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/dicom/support/result_file.h"
#include "tests/unit/dicom/support/written_results.h"

namespace cxr {
namespace {

using test::DicomFixture;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::string ReportOf(const Analysis& analysis) {
  const std::string file = DicomFixture().Build();
  return (*test::Reader()->Read(file))->Write(ObjectKind::kStructuredReport, {analysis})->content;
}

std::string MessageOf(absl::string_view dicom) {
  const absl::StatusOr<StoredReport> report = ReadReport(dicom);
  return report.ok() ? "" : std::string(report.status().message());
}

/// The report with every occurrence of one text replaced by another of the same length.
std::string Tampered(std::string report, const std::string& from, const std::string& to) {
  EXPECT_EQ(from.size(), to.size());
  std::size_t at = report.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  for (; at != std::string::npos; at = report.find(from, at + 1)) report.replace(at, from.size(), to);
  return report;
}

TEST(ReportReader, ReadsBackWhatWasWritten) {
  const Analysis analysis = test::AnalysisOf(0.7, 0.2);
  const absl::StatusOr<StoredReport> report = ReadReport(ReportOf(analysis));
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->study_instance_uid, "2.25.1001");
  EXPECT_EQ(report->source_instance_uid, "2.25.1003");
  EXPECT_EQ(report->model.name, "cxr-test");
  EXPECT_EQ(report->model.version, "1.2.3");
  EXPECT_EQ(report->model.sha256, std::string(64, 'a'));
  EXPECT_EQ(report->service_version, "0.1.0");
  EXPECT_EQ(report->settings, "settings-1");
  EXPECT_EQ(report->outcome, "Analysed");
  EXPECT_THAT(report->reasons, IsEmpty());
  EXPECT_THAT(report->findings, ElementsAre("Bacterial pneumonia (53084003)"));
  EXPECT_EQ(report->qualifiers, "Suspected (415684004)");
  EXPECT_EQ(report->conclusion, "Positive");
  ASSERT_EQ(report->numbers.size(), 6U);
  EXPECT_EQ(report->numbers[0].name, "Probability of bacterial pattern");
  EXPECT_EQ(report->numbers[0].percent, 70);
  EXPECT_EQ(report->numbers[4].percent, 50);
  ASSERT_EQ(report->regions.size(), 2U);
  EXPECT_EQ(report->regions[0].size(), 4U) << "the closing point is left out";
  EXPECT_THAT(report->summary, HasSubstr("Pneumonia score 90.00 %"));
}

TEST(ReportReader, ReadsTheReasonsAndTheProvenanceOfARadiographThatWasNotAnalysed) {
  const absl::StatusOr<StoredReport> report = ReadReport(ReportOf(test::NotApplicable()));
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->outcome, "Not applicable");
  EXPECT_THAT(report->reasons, ElementsAre("Age is outside the model's population", "View is not frontal"));
  EXPECT_THAT(report->findings, IsEmpty());
  EXPECT_EQ(report->conclusion, "");
  EXPECT_THAT(report->numbers, IsEmpty());
  EXPECT_THAT(report->regions, IsEmpty());
  EXPECT_EQ(report->source_instance_uid, "2.25.1003");
  EXPECT_EQ(report->model.sha256, std::string(64, 'a'));
  EXPECT_EQ(report->settings, "settings-1");
}

TEST(ReportReader, ReadsAnIndeterminateReport) {
  const absl::StatusOr<StoredReport> report = ReadReport(ReportOf(test::Indeterminate()));
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_THAT(report->findings, ElementsAre("Indeterminate (82334004)"));
  EXPECT_EQ(report->qualifiers, "");
  EXPECT_EQ(report->conclusion, "Indeterminate");
}

TEST(ReportReader, KeepsEveryVersionOfWhatAReportSaysTwice) {
  std::string text = ReportOf(test::AnalysisOf(0.7, 0.2));
  text.replace(text.rfind("415684004"), 9, "410515003");
  text.replace(text.rfind("53084003"), 8, "75570004");
  const absl::StatusOr<StoredReport> report = ReadReport(text);
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->qualifiers, "Suspected (415684004) / Suspected (410515003)");
  EXPECT_EQ(report->findings.size(), 2U);
}

TEST(ReportReader, RefusesWhatIsNotAReportOfOurs) {
  const std::string report = ReportOf(test::AnalysisOf(0.7, 0.2));
  EXPECT_THAT(MessageOf("no DICOM at all"), HasSubstr("not DICOM"));
  EXPECT_THAT(MessageOf(DicomFixture().Build()), HasSubstr("not a report of cxr-triage"));
  EXPECT_THAT(MessageOf(test::ResultsOf(DicomFixture()).capture), HasSubstr("not a report of cxr-triage"));
  EXPECT_THAT(MessageOf(Tampered(report, "cxr-triage", "cyr-triage")), HasSubstr("not a report of cxr-triage"));
}

TEST(ReportReader, RefusesAReportWithoutProvenanceOrSource) {
  const std::string report = ReportOf(test::AnalysisOf(0.7, 0.2));
  EXPECT_THAT(MessageOf(Tampered(report, "model sha256 ", "model md5..  ")), HasSubstr("which model and settings"));
  EXPECT_THAT(MessageOf(Tampered(report, "111040", "111041")), HasSubstr("no source image"));
}

TEST(ReportReader, RefusesNumbersThatAreNone) {
  EXPECT_THAT(MessageOf(Tampered(ReportOf(test::AnalysisOf(0.7, 0.2)), "70.00", "often")), HasSubstr("not a number"));
}

TEST(ReportReader, SurvivesDamageOfEveryKind) {
  const std::string report = ReportOf(test::AnalysisOf(0.7, 0.2));
  for (std::size_t length = 0; length < report.size(); length += 97)
    EXPECT_FALSE(ReadReport(absl::string_view(report).substr(0, length)).ok()) << length;
  std::string damaged = report;
  for (std::size_t i = 140; i < report.size(); i += 31) {
    damaged[i] = static_cast<char>(damaged[i] ^ 0x55);
    (void)ReadReport(damaged);  // whatever it says, it ends
    damaged[i] = report[i];
  }
}

}  // namespace
}  // namespace cxr
