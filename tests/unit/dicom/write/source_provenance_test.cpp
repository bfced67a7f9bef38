// SPDX-License-Identifier: Apache-2.0
// Whose radiograph it is, what was done to it before, and what made the results: in the capture and in the report
// alike.
#include <dcmtk/dcmdata/dcdeftag.h>
#include <gtest/gtest.h>

#include "tests/support/external_tool.h"
#include "tests/unit/dicom/support/result_file.h"
#include "tests/unit/dicom/support/written_results.h"

namespace cxr {
namespace {

using test::DicomFixture;
using test::ResultFile;
using test::WrittenResults;
using Edits = std::vector<std::pair<std::string, std::string>>;

WrittenResults With(const Edits& attributes) {
  DicomFixture fixture;
  fixture.attributes = attributes;
  return test::ResultsOf(fixture);
}

void ExpectResultConformance(const WrittenResults& results) {
  for (const std::string& content : results.both()) {
    const test::ConformanceReport report = test::CheckConformance(content);
    ASSERT_TRUE(report.ran) << "dciodvfy (package dicom3tools) is missing or crashed: " << report.output;
    EXPECT_TRUE(report.errors.empty()) << report.output;
  }
}

TEST(SourceProvenance, KeepsWhoThePatientIsAndWhoSaysSo) {
  const WrittenResults results = With({{"IssuerOfPatientID", "Hospital"},
                                       {"IssuerOfPatientIDQualifiersSequence[0].UniversalEntityID", "1.2.3"},
                                       {"IssuerOfPatientIDQualifiersSequence[0].UniversalEntityIDType", "ISO"},
                                       {"OtherPatientIDsSequence[0].PatientID", "OTHER1"},
                                       {"OtherPatientIDsSequence[0].TypeOfPatientID", "TEXT"},
                                       {"AccessionNumber", "A77"},
                                       {"IssuerOfAccessionNumberSequence[0].LocalNamespaceEntityID", "RIS"},
                                       {"ReferringPhysicianName", "Doe^Jane^^Dr"}});
  for (const std::string& content : results.both()) {
    ResultFile file(content);
    EXPECT_EQ(file.Text(DCM_IssuerOfPatientID), "Hospital");
    EXPECT_EQ(file.TextIn(DCM_IssuerOfPatientIDQualifiersSequence, DCM_UniversalEntityID), "1.2.3");
    EXPECT_EQ(file.TextIn(DCM_IssuerOfPatientIDQualifiersSequence, DCM_UniversalEntityIDType), "ISO");
    EXPECT_EQ(file.TextIn(DCM_OtherPatientIDsSequence, DCM_PatientID), "OTHER1");
    EXPECT_EQ(file.Text(DCM_AccessionNumber), "A77");
    EXPECT_EQ(file.TextIn(DCM_IssuerOfAccessionNumberSequence, DCM_LocalNamespaceEntityID), "RIS");
    EXPECT_EQ(file.Text(DCM_ReferringPhysicianName), "Doe^Jane^^Dr");
  }
  EXPECT_TRUE(results.left_out.empty());
  ExpectResultConformance(results);
}

TEST(SourceProvenance, LeavesAnIdentifierWithoutItsTypeOut) {
  const WrittenResults results = With({{"IssuerOfPatientIDQualifiersSequence[0].UniversalEntityID", "1.2.3"},
                                       {"IssuerOfAccessionNumberSequence[0].LocalNamespaceEntityID", "RIS"},
                                       {"IssuerOfAccessionNumberSequence[0].UniversalEntityIDType", "TELEPHONE"},
                                       {"IssuerOfAccessionNumberSequence[0].UniversalEntityID", "55"}});
  for (const std::string& content : results.both()) {
    ResultFile file(content);
    EXPECT_EQ(file.Text(DCM_IssuerOfPatientIDQualifiersSequence), "(absent)");
    EXPECT_EQ(file.TextIn(DCM_IssuerOfAccessionNumberSequence, DCM_LocalNamespaceEntityID), "RIS");
    EXPECT_EQ(file.TextIn(DCM_IssuerOfAccessionNumberSequence, DCM_UniversalEntityID), "(absent)");
  }
  EXPECT_TRUE(results.LeftOut("IssuerOfPatientIDQualifiersSequence"));
  EXPECT_TRUE(results.LeftOut("UniversalEntityIDType"));
  ExpectResultConformance(results);
}

TEST(SourceProvenance, KeepsWhatDeidentificationDid) {
  const WrittenResults results = With({{"PatientIdentityRemoved", "YES"},
                                       {"DeidentificationMethod", "Basic Profile\\Retain UIDs"},
                                       {"DeidentificationMethodCodeSequence[0].CodeValue", "113100"},
                                       {"DeidentificationMethodCodeSequence[0].CodingSchemeDesignator", "DCM"},
                                       {"DeidentificationMethodCodeSequence[0].CodeMeaning", "Basic Profile"},
                                       {"DeidentificationMethodCodeSequence[1].CodeValue", "113110"},
                                       {"DeidentificationMethodCodeSequence[1].CodingSchemeDesignator", "DCM"},
                                       {"DeidentificationMethodCodeSequence[1].CodeMeaning", "Retain UIDs Option"},
                                       {"LongitudinalTemporalInformationModified", "MODIFIED"}});
  for (const std::string& content : results.both()) {
    ResultFile file(content);
    EXPECT_EQ(file.Text(DCM_PatientIdentityRemoved), "YES");
    EXPECT_EQ(file.Text(DCM_DeidentificationMethod), "Basic Profile\\Retain UIDs");
    EXPECT_EQ(file.TextIn(DCM_DeidentificationMethodCodeSequence, DCM_CodeValue, 0), "113100");
    EXPECT_EQ(file.TextIn(DCM_DeidentificationMethodCodeSequence, DCM_CodeValue, 1), "113110");
    EXPECT_EQ(file.Text(DCM_LongitudinalTemporalInformationModified), "MODIFIED");
  }
  EXPECT_TRUE(results.left_out.empty());
  ExpectResultConformance(results);
}

TEST(SourceProvenance, LeavesValuesOutThatTheStandardDoesNotKnow) {
  const WrittenResults results = With({{"PatientIdentityRemoved", "PARTLY"},
                                       {"LongitudinalTemporalInformationModified", "SHIFTED"},
                                       {"LossyImageCompression", "yes"}});
  for (const std::string& content : results.both()) {
    ResultFile file(content);
    EXPECT_EQ(file.Text(DCM_PatientIdentityRemoved), "(absent)");
    EXPECT_EQ(file.Text(DCM_LongitudinalTemporalInformationModified), "(absent)");
    EXPECT_EQ(file.Text(DCM_LossyImageCompression), "(absent)");
  }
  for (const char* name :
       {"PatientIdentityRemoved", "LongitudinalTemporalInformationModified", "LossyImageCompression"})
    EXPECT_TRUE(results.LeftOut(name)) << name;
}

TEST(SourceProvenance, LeavesPrivateAttributesBehindWhereverTheyStand) {
  const WrittenResults results = With({{"0009,0010", "ACME"},
                                       {"0009,1001", "secret"},
                                       {"ProcedureCodeSequence[0].CodeValue", "1"},
                                       {"ProcedureCodeSequence[0].CodingSchemeDesignator", "99X"},
                                       {"ProcedureCodeSequence[0].CodeMeaning", "Chest"},
                                       {"ProcedureCodeSequence[0].0009,0010", "ACME"},
                                       {"ProcedureCodeSequence[0].0009,1001", "secret"}});
  for (const std::string& content : results.both()) {
    EXPECT_EQ(content.find("secret"), std::string::npos);
    EXPECT_EQ(content.find("ACME"), std::string::npos);
    EXPECT_EQ(ResultFile(content).TextIn(DCM_ProcedureCodeSequence, DCM_CodeMeaning), "Chest");
  }
}

TEST(SourceProvenance, NamesEveryEquipmentFromTheTubeToUs) {
  const WrittenResults results = With(
      {{"Manufacturer", "Tube Works"},
       {"ManufacturerModelName", "T1000"},
       {"StationName", "ROOM2"},
       {"SoftwareVersions", "1.0\\2.0"},
       {"ContributingEquipmentSequence[0].PurposeOfReferenceCodeSequence[0].CodeValue", "109104"},
       {"ContributingEquipmentSequence[0].PurposeOfReferenceCodeSequence[0].CodingSchemeDesignator", "DCM"},
       {"ContributingEquipmentSequence[0].PurposeOfReferenceCodeSequence[0].CodeMeaning", "De-identifying Equipment"},
       {"ContributingEquipmentSequence[0].Manufacturer", "Anonymous Inc"},
       {"ContributingEquipmentSequence[1].Manufacturer", "Without purpose"}});
  for (const std::string& content : results.both()) {
    ResultFile file(content);
    const auto text = [&](const DcmTagKey& tag, long index) {
      return file.TextIn(DCM_ContributingEquipmentSequence, tag, index);
    };
    EXPECT_EQ(text(DCM_Manufacturer, 0), "Tube Works");
    EXPECT_EQ(text(DCM_SoftwareVersions, 0), "1.0\\2.0");
    EXPECT_EQ(text(DCM_StationName, 0), "ROOM2");
    EXPECT_EQ(text(DCM_Manufacturer, 1), "Anonymous Inc");
    EXPECT_EQ(text(DCM_Manufacturer, 2), "cxr-triage");
    EXPECT_EQ(text(DCM_Manufacturer, 3), "(absent)");
    EXPECT_EQ(file.Text(DCM_Manufacturer), "cxr-triage");
    EXPECT_EQ(file.Text(DCM_StationName), "(absent)") << "of the source, not of the result";
  }
  EXPECT_TRUE(results.LeftOut("ContributingEquipmentSequence"));
  ExpectResultConformance(results);
}

TEST(SourceProvenance, NamesUsAloneWhereTheSourceNamesNobody) {
  DicomFixture fixture;
  fixture.Bare();
  const WrittenResults results = test::ResultsOf(fixture);
  for (const std::string& content : results.both()) {
    ResultFile file(content);
    EXPECT_EQ(file.TextIn(DCM_ContributingEquipmentSequence, DCM_Manufacturer, 0), "cxr-triage");
    EXPECT_EQ(file.TextIn(DCM_ContributingEquipmentSequence, DCM_Manufacturer, 1), "(absent)");
  }
  EXPECT_TRUE(results.left_out.empty());
}

TEST(SourceProvenance, CarriesTheLossyHistoryIntoTheCapture) {
  const WrittenResults results = With({{"LossyImageCompression", "01"},
                                       {"LossyImageCompressionRatio", "10.5\\3"},
                                       {"LossyImageCompressionMethod", "ISO_10918_1\\ISO_15444_1"}});
  ResultFile file(results.capture);
  EXPECT_EQ(file.Text(DCM_LossyImageCompression), "01");
  EXPECT_EQ(file.Text(DCM_LossyImageCompressionRatio), "10.5\\3");
  EXPECT_EQ(file.Text(DCM_LossyImageCompressionMethod), "ISO_10918_1\\ISO_15444_1");
  ExpectResultConformance(results);
}

TEST(SourceProvenance, TakesLossOfJpegFromTheTransferSyntax) {
  DicomFixture fixture;
  fixture.bits_allocated = fixture.bits_stored = 8;
  fixture.syntax = test::Syntax::kJpegBaseline;
  const WrittenResults results = test::ResultsOf(fixture);
  ResultFile file(results.capture);
  EXPECT_EQ(file.Text(DCM_LossyImageCompression), "01");
  EXPECT_EQ(file.Text(DCM_LossyImageCompressionMethod), "ISO_10918_1");
  EXPECT_GT(std::stod(file.Text(DCM_LossyImageCompressionRatio)), 0);
  ExpectResultConformance(results);
}

TEST(SourceProvenance, InventsNoRatioForAnEarlierLoss) {
  DicomFixture fixture;  // its frame is compressed, but without loss: that ratio is not the one in question
  fixture.syntax = test::Syntax::kRle;
  fixture.attributes = {{"LossyImageCompression", "01"}, {"LossyImageCompressionMethod", "ISO_10918_1"}};
  EXPECT_EQ(ResultFile(test::ResultsOf(fixture).capture).Text(DCM_LossyImageCompressionRatio), "(absent)");
}

TEST(SourceProvenance, NamesResultsAlikeAtEveryRun) {
  const WrittenResults first = With({});
  const WrittenResults second = With({});
  EXPECT_EQ(first.capture, second.capture);
  EXPECT_EQ(first.report, second.report);
  EXPECT_NE(ResultFile(first.report).Text(DCM_SOPInstanceUID), ResultFile(first.capture).Text(DCM_SOPInstanceUID));
}

}  // namespace
}  // namespace cxr
