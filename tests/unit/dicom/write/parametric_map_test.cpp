// SPDX-License-Identifier: Apache-2.0
#include <dcmtk/config/osconfig.h>
// osconfig.h comes first, as DCMTK demands.
#include <dcmtk/dcmdata/dcdeftag.h>
#include <gtest/gtest.h>

#include "tests/support/dicom_fixture.h"
#include "tests/unit/dicom/support/analysis_samples.h"
#include "tests/unit/dicom/support/result_file.h"

namespace cxr {
namespace {

using test::AnalysisOf;
using test::DicomFixture;
using test::ResultFile;

/// A map without symmetry, of 2 rows and 3 columns, over a part of the radiograph.
Analysis AnalysisWithMap() {
  Analysis analysis = AnalysisOf(0.7, 0.2);
  analysis.classification->map = {2, 3, {0.F, 0.1F, 1.F, 1.F / 3, 0.25F, 0.F}, {6, 20, 36, 30}, Pattern::kBacteria};
  return analysis;
}

DicomObject MapObject(const Analysis& analysis, const DicomFixture& fixture = {}) {
  const std::string file = fixture.Build();
  absl::StatusOr<std::unique_ptr<Radiograph>> radiograph = test::Reader()->Read(file);
  EXPECT_TRUE(radiograph.ok()) << radiograph.status();
  absl::StatusOr<DicomObject> map = (*radiograph)->Write(ObjectKind::kParametricMap, {analysis});
  EXPECT_TRUE(map.ok()) << map.status();
  return map.ok() ? *std::move(map) : DicomObject{};
}

/// An attribute in a shared functional group.
std::string Shared(ResultFile& file, const DcmTagKey& group, const DcmTagKey& tag) {
  DcmItem* shared = nullptr;
  DcmItem* item = nullptr;
  OFString value;
  if (file.dataset().findAndGetSequenceItem(DCM_SharedFunctionalGroupsSequence, shared, 0).bad()) return "(absent)";
  if (shared->findAndGetSequenceItem(group, item, 0).bad()) return "(absent)";
  return item->findAndGetOFStringArray(tag, value).good() ? std::string(value.c_str()) : "(absent)";
}

TEST(ParametricMap, HoldsTheValuesAsTheyAre) {
  const DicomObject map = MapObject(AnalysisWithMap());
  ResultFile file(map.content);
  EXPECT_EQ(map.kind, ObjectKind::kParametricMap);
  EXPECT_EQ(file.Text(DCM_SOPClassUID), "1.2.840.10008.5.1.4.1.1.30");
  EXPECT_EQ(file.Text(DCM_StudyInstanceUID), "2.25.1001");
  EXPECT_EQ(file.Text(DCM_Modality), "OT") << "nobody shall take it for a radiograph";
  EXPECT_EQ(file.Text(DCM_Manufacturer), "cxr-triage");
  EXPECT_EQ(file.Text(DCM_Rows), "2");
  EXPECT_EQ(file.Text(DCM_Columns), "3");
  const Float32* values = nullptr;
  unsigned long count = 0;
  ASSERT_TRUE(file.dataset().findAndGetFloat32Array(DCM_FloatPixelData, values, &count).good());
  EXPECT_EQ(std::vector<float>(values, values + count), AnalysisWithMap().classification->map.values);
  EXPECT_EQ(MapObject(AnalysisWithMap()).sop_instance_uid, map.sop_instance_uid);
}

TEST(ParametricMap, SaysWhatItsValuesAre) {
  ResultFile file(MapObject(AnalysisWithMap()).content);
  DcmItem* shared = nullptr;
  DcmItem* mapping = nullptr;
  ASSERT_TRUE(file.dataset().findAndGetSequenceItem(DCM_SharedFunctionalGroupsSequence, shared, 0).good());
  ASSERT_TRUE(shared->findAndGetSequenceItem(DCM_RealWorldValueMappingSequence, mapping, 0).good());
  std::vector<std::string> codes;
  DcmItem* quantity = nullptr;
  for (long i = 0; mapping->findAndGetSequenceItem(DCM_QuantityDefinitionSequence, quantity, i).good(); ++i) {
    DcmItem* code = nullptr;
    OFString value;
    ASSERT_TRUE(quantity->findAndGetSequenceItem(DCM_ConceptCodeSequence, code, 0).good());
    ASSERT_TRUE(code->findAndGetOFString(DCM_CodeValue, value).good());
    codes.emplace_back(value.c_str());
  }
  EXPECT_EQ(codes, (std::vector<std::string>{"130403", "53084003"}));
  Float64 first = -1;
  Float64 last = -1;
  EXPECT_TRUE(mapping->findAndGetFloat64(DCM_DoubleFloatRealWorldValueFirstValueMapped, first).good());
  EXPECT_TRUE(mapping->findAndGetFloat64(DCM_DoubleFloatRealWorldValueLastValueMapped, last).good());
  EXPECT_EQ(first, 0);
  EXPECT_EQ(last, 1);
}

TEST(ParametricMap, LiesWhereItsBoxLiesInTheSource) {
  DicomFixture fixture;
  fixture.attributes = {{"PixelSpacing", "0.2\\0.1"}, {"PatientOrientation", "L\\F"}};
  ResultFile file(MapObject(AnalysisWithMap(), fixture).content);
  // Boxes of 12 columns and 15 rows, from column 6 and row 20.
  EXPECT_EQ(Shared(file, DCM_PixelMeasuresSequence, DCM_PixelSpacing), "3\\1.2");
  EXPECT_EQ(Shared(file, DCM_PlaneOrientationSequence, DCM_ImageOrientationPatient), "1\\0\\0\\0\\0\\-1");
  EXPECT_EQ(Shared(file, DCM_PlanePositionSequence, DCM_ImagePositionPatient), "1.2\\0\\-5.5");
  EXPECT_NE(Shared(file, DCM_DerivationImageSequence, DCM_DerivationDescription)
                .find("columns 6 to 42 and rows 20 to 50 of the source"),
            std::string::npos);
  fixture.attributes = {{"PixelSpacing", "0.2\\0.1"}, {"PatientOrientation", "R\\H"}};
  ResultFile turned(MapObject(AnalysisWithMap(), fixture).content);
  EXPECT_EQ(Shared(turned, DCM_PlaneOrientationSequence, DCM_ImageOrientationPatient), "-1\\0\\0\\0\\0\\1");
  EXPECT_EQ(Shared(turned, DCM_PlanePositionSequence, DCM_ImagePositionPatient), "-1.2\\0\\5.5");
}

TEST(ParametricMap, OfASourceWithoutSpacingSaysThatItIsNominal) {
  DicomFixture bare;
  ResultFile file(MapObject(AnalysisWithMap(), bare.Bare()).content);
  EXPECT_EQ(Shared(file, DCM_PixelMeasuresSequence, DCM_PixelSpacing), "15\\12");
  EXPECT_NE(Shared(file, DCM_DerivationImageSequence, DCM_DerivationDescription).find("states no spacing"),
            std::string::npos);
}

TEST(ParametricMap, NamesItsSourceAndModel) {
  ResultFile file(MapObject(AnalysisWithMap()).content);
  DcmItem* series = nullptr;
  DcmItem* instance = nullptr;
  OFString uid;
  ASSERT_TRUE(file.dataset().findAndGetSequenceItem(DCM_ReferencedSeriesSequence, series, 0).good());
  ASSERT_TRUE(series->findAndGetSequenceItem(DCM_ReferencedInstanceSequence, instance, 0).good());
  ASSERT_TRUE(instance->findAndGetOFString(DCM_ReferencedSOPInstanceUID, uid).good());
  EXPECT_STREQ(uid.c_str(), "2.25.1003");
  EXPECT_NE(Shared(file, DCM_DerivationImageSequence, DCM_DerivationDescription).find(std::string(64, 'a')),
            std::string::npos);
}

TEST(ParametricMap, RefusesAMapThatContradictsItself) {
  const std::string file = DicomFixture().Build();
  absl::StatusOr<std::unique_ptr<Radiograph>> radiograph = test::Reader()->Read(file);
  Analysis analysis = AnalysisWithMap();
  analysis.classification->map.values.pop_back();
  EXPECT_FALSE((*radiograph)->Write(ObjectKind::kParametricMap, {analysis}).ok());
  EXPECT_FALSE((*radiograph)->Write(ObjectKind::kParametricMap, {test::NotApplicable()}).ok());
}

}  // namespace
}  // namespace cxr
