// SPDX-License-Identifier: Apache-2.0
// Results of every outcome, from sources good and bad, before judges that others wrote.
#include <gtest/gtest.h>

#include "tests/support/dicom_fixture.h"
#include "tests/support/external_tool.h"
#include "tests/unit/dicom/support/analysis_samples.h"

namespace cxr {
namespace {

using test::AnalysisOf;
using test::DicomFixture;

using Source = test::NamedFixture;

std::vector<Source> Sources() {
  std::vector<Source> sources;
  sources.push_back({"complete CR", {}});
  DicomFixture bare;
  sources.push_back({"CR with nothing that can be missing", bare.Bare()});
  DicomFixture invalid;
  invalid.attributes = {
      {"PatientAge", "62"},           {"PixelSpacing", "0\\0"},       {"StudyDate", "1995.07.20"},
      {"PatientSex", "female"},       {"StudyTime", "noon"},          {"PatientBirthDate", "unknown"},
      {"BodyPartExamined", "chest!"}, {"PatientOrientation", "left"}, {"PatientIdentityRemoved", "YES"},
      {"PatientWeight", "heavy"},     {"InstanceNumber", "first"},    {"LossyImageCompression", "yes"}};
  sources.push_back({"CR with invalid values", invalid});
  DicomFixture lung;  // a paired part, without the laterality of one
  lung.attributes = {{"BodyPartExamined", "LUNG"}, {"PixelSpacing", "1e-9\\1e-9"}};
  sources.push_back({"LUNG", lung});
  DicomFixture thorax;
  thorax.attributes = {{"BodyPartExamined", "THORAX"}};
  sources.push_back({"THORAX", thorax});
  DicomFixture latin;
  latin.attributes = {{"SpecificCharacterSet", "ISO_IR 100"}, {"PatientName", "M\xfcller^J\xf6rg"}};
  sources.push_back({"Latin 1", latin});
  DicomFixture japanese;
  japanese.attributes = {{"SpecificCharacterSet", "\\ISO 2022 IR 87"},
                         {"PatientName", "Yamada^Tarou=\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B"}};
  sources.push_back({"Japanese", japanese});
  DicomFixture utf8;
  utf8.attributes = {{"SpecificCharacterSet", "ISO_IR 192"},
                     {"PatientName", "\xd0\x98\xd0\xb2\xd0\xb0\xd0\xbd^\xd0\x98"}};
  sources.push_back({"UTF-8", utf8});
  DicomFixture undeclared;
  undeclared.attributes = {{"PatientName", "M\xfcller^J\xf6rg"}};
  sources.push_back({"bytes of no character set", undeclared});
  DicomFixture jpeg;
  jpeg.bits_allocated = jpeg.bits_stored = 8;
  jpeg.syntax = test::Syntax::kJpegBaseline;
  jpeg.sop_class = "1.2.840.10008.5.1.4.1.1.7";
  jpeg.attributes = {{"PixelSpacing", "0.168\\0.168"},
                     {"LossyImageCompression", "01"},
                     {"LossyImageCompressionMethod", "ISO_10918_1"}};
  sources.push_back({"JPEG secondary capture", jpeg});
  DicomFixture lossy;
  lossy.attributes = {{"LossyImageCompression", "01"},
                      {"ImagerPixelSpacing", "0.143\\0.143"},
                      {"PatientIdentityRemoved", "YES"},
                      {"DeidentificationMethod", "by hand"},
                      {"Modality", "DX"}};
  lossy.sop_class = "1.2.840.10008.5.1.4.1.1.1.1";
  sources.push_back({"DX, once lossy, de-identified", lossy});
  return sources;
}

std::vector<std::pair<std::string, Analysis>> Analyses() {
  Analysis warned = AnalysisOf(0.1, 0.7);
  warned.outcome = Outcome::kAnalysedWithWarnings;
  warned.reasons = {{ReasonCode::kAgeUnknown, "The patient's age is not known."}};
  return {{"bacterial", AnalysisOf(0.8, 0.1)},
          {"viral with warnings", warned},
          {"normal", AnalysisOf(0.05, 0.05)},
          {"indeterminate", test::Indeterminate()},
          {"not applicable", test::NotApplicable()}};
}

void ExpectConformance(const DicomObject& object) {
  const test::ConformanceReport report = test::CheckConformance(object.content);
  ASSERT_TRUE(report.ran) << "dciodvfy (package dicom3tools) is missing or crashed: " << report.output;
  EXPECT_TRUE(report.errors.empty()) << report.output;
}

void ExpectPrintable(const DicomObject& report, const std::string& expected) {
  const test::ToolResult dump = test::DumpReport(report.content);
  EXPECT_EQ(dump.exit_code, 0) << dump.output;
  EXPECT_NE(dump.output.find(expected), std::string::npos) << dump.output;
}

TEST(ResultConformance, EveryResultOfEverySourceIsValid) {
  for (const Source& source : Sources()) {
    const std::string file = source.fixture.Build();
    absl::StatusOr<std::unique_ptr<Radiograph>> radiograph = test::Reader()->Read(file);
    ASSERT_TRUE(radiograph.ok()) << source.name << ": " << radiograph.status();
    for (const auto& [outcome, analysis] : Analyses()) {
      SCOPED_TRACE(source.name + ", " + outcome);
      absl::StatusOr<DicomObject> capture = test::WriteCapture(**radiograph, analysis, test::Overlay(30, 24));
      ASSERT_TRUE(capture.ok()) << capture.status();
      const DicomObject* shown = analysis.classification.has_value() ? &*capture : nullptr;
      if (shown != nullptr) ExpectConformance(*shown);
      absl::StatusOr<DicomObject> report =
          (*radiograph)->Write(ObjectKind::kStructuredReport, {analysis, nullptr, shown});
      ASSERT_TRUE(report.ok()) << report.status();
      ExpectConformance(*report);
      ExpectPrintable(*report, shown == nullptr ? "Radiograph not analysed" : "Imaging Measurement Report");
      ExpectPrintable(*report, shown == nullptr ? "Not applicable" : "Pneumonia score");
    }
  }
}

TEST(ResultConformance, EveryFurtherFormOfEverySourceIsValid) {
  for (const Source& source : Sources()) {
    const std::string file = source.fixture.Build();
    absl::StatusOr<std::unique_ptr<Radiograph>> radiograph = test::Reader()->Read(file);
    ASSERT_TRUE(radiograph.ok()) << source.name << ": " << radiograph.status();
    for (const auto& [outcome, analysis] : Analyses()) {
      if (!analysis.classification.has_value()) continue;
      SCOPED_TRACE(source.name + ", " + outcome);
      for (const auto& form : {(*radiograph)->Write(ObjectKind::kPresentationState, {analysis}),
                               (*radiograph)->Write(ObjectKind::kParametricMap, {analysis})}) {
        ASSERT_TRUE(form.ok()) << form.status();
        ExpectConformance(*form);
      }
    }
  }
}

TEST(ResultConformance, PresentationStatesOfEveryGreyscaleAreValid) {
  for (const Source& source : test::GreyscaleSources()) {
    SCOPED_TRACE(source.name);
    const std::string file = source.fixture.Build();
    absl::StatusOr<std::unique_ptr<Radiograph>> radiograph = test::Reader()->Read(file);
    ASSERT_TRUE(radiograph.ok()) << radiograph.status();
    absl::StatusOr<DicomObject> state = (*radiograph)->Write(ObjectKind::kPresentationState, {AnalysisOf(0.8, 0.1)});
    ASSERT_TRUE(state.ok()) << state.status();
    ExpectConformance(*state);
  }
}

TEST(ResultConformance, Comprehensive3DReportsAreValid) {
  DicomSettings settings = test::FixedSettings();
  settings.write.report_class = ReportClass::kComprehensive3D;
  const std::string file = DicomFixture().Build();
  absl::StatusOr<std::unique_ptr<Radiograph>> radiograph = test::Reader(settings)->Read(file);
  for (const auto& [outcome, analysis] : Analyses()) {
    SCOPED_TRACE(outcome);
    absl::StatusOr<DicomObject> report = (*radiograph)->Write(ObjectKind::kStructuredReport, {analysis});
    ASSERT_TRUE(report.ok()) << report.status();
    ExpectConformance(*report);
  }
}

TEST(ResultConformance, TheValidatorFindsErrors) {
  DicomFixture broken;
  broken.attributes = {{"PatientAge", "62"}};
  const test::ConformanceReport report = test::CheckConformance(broken.Build());
  ASSERT_TRUE(report.ran);
  EXPECT_FALSE(report.errors.empty());
}

}  // namespace
}  // namespace cxr
