// SPDX-License-Identifier: Apache-2.0
#include "service/dicom/write/source_context.h"

#include <dcmtk/dcmdata/dcdeftag.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/support/dicom_fixture.h"
#include "tests/unit/dicom/support/analysis_samples.h"
#include "tests/unit/dicom/support/result_file.h"

namespace cxr {
namespace {

using test::DicomFixture;
using test::ResultFile;

struct Copied {
  std::string content;
  std::vector<std::string> left_out;

  [[nodiscard]] bool LeftOut(const std::string& name) const {
    return std::any_of(left_out.begin(), left_out.end(),
                       [&](const std::string& entry) { return entry.rfind(name, 0) == 0; });
  }
};

Copied ReportOf(const DicomFixture& fixture) {
  Copied copied;
  DicomSettings settings = test::FixedSettings();
  settings.write.on_left_out = [&](absl::string_view name, absl::string_view) { copied.left_out.emplace_back(name); };
  const std::string file = fixture.Build();
  absl::StatusOr<std::unique_ptr<Radiograph>> radiograph = test::Reader(settings)->Read(file);
  EXPECT_TRUE(radiograph.ok()) << radiograph.status();
  if (radiograph.ok())
    copied.content = (*radiograph)->Write(ObjectKind::kStructuredReport, {test::AnalysisOf(0.7, 0.2)})->content;
  return copied;
}

TEST(SourceContext, CopiesPatientAndStudy) {
  DicomFixture fixture;
  fixture.attributes = {
      {"IssuerOfPatientID", "Hospital"}, {"ReferringPhysicianName", "Doe^Jane"}, {"PatientWeight", "14.5"}};
  ResultFile file(ReportOf(fixture).content);
  EXPECT_EQ(file.Text(DCM_PatientName), "Fixture^Child");
  EXPECT_EQ(file.Text(DCM_PatientID), "FIX1");
  EXPECT_EQ(file.Text(DCM_IssuerOfPatientID), "Hospital");
  EXPECT_EQ(file.Text(DCM_AccessionNumber), "A1");
  EXPECT_EQ(file.Text(DCM_ReferringPhysicianName), "Doe^Jane");
  EXPECT_EQ(file.Text(DCM_StudyDate), "20200612");
  EXPECT_EQ(file.Text(DCM_PatientAge), "003Y");
  EXPECT_EQ(file.Text(DCM_PatientWeight), "14.5");
}

TEST(SourceContext, CopiesTextUnconvertedWithItsCharacterSet) {
  const std::string name = "Yamada^Tarou=\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B";
  DicomFixture fixture;
  fixture.attributes = {{"SpecificCharacterSet", "\\ISO 2022 IR 87"}, {"PatientName", name}};
  ResultFile file(ReportOf(fixture).content);
  EXPECT_EQ(file.Text(DCM_SpecificCharacterSet), "\\ISO 2022 IR 87");
  EXPECT_EQ(file.Text(DCM_PatientName), name);
}

TEST(SourceContext, LeavesTextOfNoCharacterSetOut) {
  DicomFixture fixture;
  fixture.attributes = {{"PatientName", "M\xfcller"}};
  const Copied copied = ReportOf(fixture);
  EXPECT_EQ(ResultFile(copied.content).Text(DCM_PatientName), "");
  EXPECT_TRUE(copied.LeftOut("PatientName (0010,0010)"));
}

TEST(SourceContext, EmptiesWhatIsMissing) {
  DicomFixture fixture;
  fixture.Bare();
  const Copied copied = ReportOf(fixture);
  ResultFile file(copied.content);
  for (const DcmTagKey& tag : {DCM_PatientName, DCM_PatientID, DCM_PatientBirthDate, DCM_PatientSex, DCM_StudyDate,
                               DCM_StudyTime, DCM_AccessionNumber, DCM_ReferringPhysicianName, DCM_StudyID}) {
    EXPECT_EQ(file.Text(tag), "");
  }
  EXPECT_EQ(file.Text(DCM_PatientAge), "(absent)");
  EXPECT_TRUE(copied.left_out.empty());
}

TEST(SourceContext, LeavesOutWhatIsInvalidAndNamesIt) {
  DicomFixture fixture;
  fixture.attributes = {
      {"PatientAge", "62"}, {"StudyDate", "1995.07.20"}, {"PatientSex", "female"}, {"PixelSpacing", "0\\0"}};
  const Copied copied = ReportOf(fixture);
  ResultFile file(copied.content);
  EXPECT_EQ(file.Text(DCM_PatientAge), "(absent)");
  EXPECT_EQ(file.Text(DCM_StudyDate), "");
  EXPECT_EQ(file.Text(DCM_PatientSex), "");
  for (const char* name : {"PatientAge", "StudyDate", "PatientSex", "PixelSpacing"}) {
    EXPECT_TRUE(copied.LeftOut(name)) << name;
  }
  for (const std::string& entry : copied.left_out) EXPECT_EQ(entry.find("62"), std::string::npos);
}

// An archive would file a result without them under another patient, together with those of strangers.
TEST(SourceContext, CopiesWhatIdentifiesPatientAndOrderEvenIfInvalid) {
  for (const std::string& id : {std::string(80, 'x'), std::string("J\xfcrgen7"), std::string("A\\B"),
                                std::string("12\t34"), std::string("\xe5\xb1\xb1 1")}) {
    DicomFixture fixture;
    fixture.attributes = {{"PatientID", id}, {"AccessionNumber", id}, {"StudyID", id}, {"IssuerOfPatientID", id}};
    const Copied copied = ReportOf(fixture);
    ResultFile file(copied.content);
    for (const DcmTagKey& tag : {DCM_PatientID, DCM_AccessionNumber, DCM_StudyID, DCM_IssuerOfPatientID})
      EXPECT_EQ(file.Text(tag), id);
    EXPECT_EQ(file.Text(DCM_SpecificCharacterSet), "(absent)");
  }
}

TEST(SourceContext, CopiesAMisspeltCharacterSetWithTheIdentifierThatNeedsIt) {
  DicomFixture fixture;
  fixture.attributes = {{"SpecificCharacterSet", "LATIN1"}, {"PatientID", "J\xfcrgen7"}, {"PatientName", "M\xfcller"}};
  ResultFile file(ReportOf(fixture).content);
  EXPECT_EQ(file.Text(DCM_SpecificCharacterSet), "LATIN1");
  EXPECT_EQ(file.Text(DCM_PatientID), "J\xfcrgen7");
  EXPECT_EQ(file.Text(DCM_PatientName), "");
  fixture.attributes = {{"SpecificCharacterSet", "LATIN1"}, {"PatientID", "J7"}};
  EXPECT_EQ(ResultFile(ReportOf(fixture).content).Text(DCM_SpecificCharacterSet), "(absent)");
}

TEST(SourceContext, CopiesDeidentificationWholeOrNotAtAll) {
  DicomFixture whole;
  whole.attributes = {{"PatientIdentityRemoved", "YES"}, {"DeidentificationMethod", "by hand"}};
  EXPECT_EQ(ResultFile(ReportOf(whole).content).Text(DCM_PatientIdentityRemoved), "YES");
  DicomFixture half;
  half.attributes = {{"PatientIdentityRemoved", "YES"}};
  const Copied copied = ReportOf(half);
  EXPECT_EQ(ResultFile(copied.content).Text(DCM_PatientIdentityRemoved), "(absent)");
  EXPECT_TRUE(copied.LeftOut("PatientIdentityRemoved"));
}

TEST(SourceContext, LeavesPrivateAttributesBehind) {
  DicomFixture fixture;
  fixture.attributes = {{"0009,0010", "ACME"}, {"0009,1001", "secret"}};
  EXPECT_EQ(ReportOf(fixture).content.find("secret"), std::string::npos);
}

}  // namespace
}  // namespace cxr
