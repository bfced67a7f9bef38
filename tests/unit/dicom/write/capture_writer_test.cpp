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
using test::Overlay;
using test::ResultFile;

DicomObject Capture(const DicomFixture& fixture, const Analysis& analysis = AnalysisOf(0.7, 0.2),
                    const RgbImage& image = Overlay(30, 24), const DicomSettings& settings = test::FixedSettings()) {
  const std::string file = fixture.Build();
  absl::StatusOr<std::unique_ptr<Radiograph>> radiograph = test::Reader(settings)->Read(file);
  EXPECT_TRUE(radiograph.ok()) << radiograph.status();
  absl::StatusOr<DicomObject> capture = (*radiograph)->Write(ObjectKind::kSecondaryCapture, {analysis, &image});
  EXPECT_TRUE(capture.ok()) << capture.status();
  return capture.ok() ? *std::move(capture) : DicomObject{};
}

TEST(Capture, IsASecondaryCaptureInTheStudyOfItsSource) {
  const DicomObject capture = Capture({});
  ResultFile file(capture.content);
  EXPECT_EQ(capture.kind, ObjectKind::kSecondaryCapture);
  EXPECT_EQ(capture.sop_class_uid, "1.2.840.10008.5.1.4.1.1.7");
  EXPECT_EQ(file.Text(DCM_SOPClassUID), capture.sop_class_uid);
  EXPECT_EQ(file.Text(DCM_SOPInstanceUID), capture.sop_instance_uid);
  EXPECT_EQ(file.Text(DCM_SeriesInstanceUID), capture.series_instance_uid);
  EXPECT_EQ(file.Text(DCM_StudyInstanceUID), "2.25.1001");
  EXPECT_NE(capture.series_instance_uid, "2.25.1002");
  EXPECT_EQ(file.Text(DCM_Modality), "OT");
  EXPECT_EQ(file.Text(DCM_SeriesDescription), "CXR triage overlay");
  EXPECT_EQ(file.Text(DCM_BurnedInAnnotation), "YES");
  EXPECT_EQ(file.Text(DCM_ContentQualification), "RESEARCH");
  EXPECT_EQ(file.Text(DCM_ImageType), "DERIVED\\SECONDARY");
  EXPECT_EQ(file.TextIn(DCM_SourceImageSequence, DCM_ReferencedSOPInstanceUID), "2.25.1003");
  EXPECT_EQ(file.TextIn(DCM_SourceImageSequence, DCM_ReferencedSOPClassUID), "1.2.840.10008.5.1.4.1.1.1");
}

TEST(Capture, NamesTheEquipmentThatMadeIt) {
  ResultFile file(Capture({}).content);
  EXPECT_EQ(file.Text(DCM_Manufacturer), "cxr-triage");
  EXPECT_EQ(file.Text(DCM_ManufacturerModelName), "cxr-test");
  EXPECT_EQ(file.Text(DCM_SoftwareVersions), "cxr-triage 0.1.0\\model 1.2.3");
  EXPECT_EQ(file.Text(DCM_DeviceSerialNumber), std::string(16, 'a'));
}

TEST(Capture, HoldsTheImageUnchanged) {
  const RgbImage image = Overlay(30, 24);
  ResultFile file(Capture({}, AnalysisOf(0.7, 0.2), image).content);
  const Uint8* pixels = nullptr;
  unsigned long count = 0;
  ASSERT_TRUE(file.dataset().findAndGetUint8Array(DCM_PixelData, pixels, &count).good());
  EXPECT_EQ(std::vector<std::uint8_t>(pixels, pixels + count), image.pixels);
  EXPECT_EQ(file.Text(DCM_Rows), "30");
  EXPECT_EQ(file.Text(DCM_Columns), "24");
  EXPECT_EQ(file.Text(DCM_PhotometricInterpretation), "RGB");
  EXPECT_EQ(file.Text(DCM_PlanarConfiguration), "0");
}

TEST(Capture, ScalesThePixelSpacingOfItsSource) {
  DicomFixture fixture;
  fixture.attributes = {{"PixelSpacing", "0.2\\0.1"}};
  EXPECT_EQ(ResultFile(Capture(fixture).content).Text(DCM_PixelSpacing), "0.4\\0.2");
  fixture.attributes = {{"ImagerPixelSpacing", "0.3\\0.3"}};
  EXPECT_EQ(ResultFile(Capture(fixture).content).Text(DCM_ImagerPixelSpacing), "0.6\\0.6");
}

TEST(Capture, HasTwoSpacingsOnlyWithAWordOnTheCalibrationBetweenThem) {
  DicomFixture fixture;
  fixture.attributes = {{"PixelSpacing", "0.2\\0.1"}, {"ImagerPixelSpacing", "0.3\\0.3"}};
  ResultFile unexplained(Capture(fixture).content);
  EXPECT_EQ(unexplained.Text(DCM_PixelSpacing), "0.4\\0.2");
  EXPECT_EQ(unexplained.Text(DCM_ImagerPixelSpacing), "(absent)");
  fixture.attributes.push_back({"PixelSpacingCalibrationType", "GEOMETRY"});
  EXPECT_EQ(ResultFile(Capture(fixture).content).Text(DCM_PixelSpacingCalibrationType), "(absent)");
  fixture.attributes.push_back({"PixelSpacingCalibrationDescription", "by distances"});
  ResultFile explained(Capture(fixture).content);
  EXPECT_EQ(explained.Text(DCM_ImagerPixelSpacing), "0.6\\0.6");
  EXPECT_EQ(explained.Text(DCM_PixelSpacingCalibrationType), "GEOMETRY");
  EXPECT_EQ(explained.Text(DCM_PixelSpacingCalibrationDescription), "by distances");
}

TEST(Capture, HasNoPixelSpacingWithoutAValidOne) {
  for (const char* spacing : {"", "0\\0", "0.2", "-1\\1", "a\\b", "1e9\\1e9", "1e-9\\1e-9"}) {
    DicomFixture fixture;
    fixture.attributes = {{"PixelSpacing", spacing}};
    EXPECT_EQ(ResultFile(Capture(fixture).content).Text(DCM_PixelSpacing), "(absent)") << spacing;
  }
}

TEST(Capture, CarriesTheLossyHistoryOver) {
  EXPECT_EQ(ResultFile(Capture({}).content).Text(DCM_LossyImageCompression), "(absent)");
  DicomFixture jpeg;
  jpeg.bits_allocated = jpeg.bits_stored = 8;
  jpeg.syntax = test::Syntax::kJpegBaseline;  // says so by its transfer syntax alone
  ResultFile file(Capture(jpeg).content);
  EXPECT_EQ(file.Text(DCM_LossyImageCompression), "01");
  EXPECT_EQ(file.Text(DCM_LossyImageCompressionMethod), "ISO_10918_1");
  EXPECT_GT(std::stod(file.Text(DCM_LossyImageCompressionRatio)), 0);
}

TEST(Capture, IsNamedTheSameAtAnyTime) {
  DicomSettings later = test::FixedSettings();
  later.write.clock = [] { return DateTime{"20301231", "235959"}; };
  const DicomObject first = Capture({});
  const DicomObject second = Capture({}, AnalysisOf(0.7, 0.2), Overlay(30, 24), later);
  EXPECT_EQ(first.sop_instance_uid, second.sop_instance_uid);
  EXPECT_EQ(first.series_instance_uid, second.series_instance_uid);
  EXPECT_EQ(ResultFile(second.content).Text(DCM_ContentDate), "20301231");
}

TEST(Capture, SharesItsSeriesWithThoseOfTheSameSourceSeries) {
  DicomFixture sibling;
  sibling.instance_uid = "2.25.1004";
  sibling.attributes = {{"InstanceNumber", "2"}};
  EXPECT_EQ(Capture(sibling).series_instance_uid, Capture({}).series_instance_uid);
  EXPECT_EQ(ResultFile(Capture(sibling).content).Text(DCM_InstanceNumber), "2");
  DicomFixture stranger;
  stranger.series_uid = "2.25.1005";
  EXPECT_NE(Capture(stranger).series_instance_uid, Capture({}).series_instance_uid);
}

TEST(Capture, OfTwoRadiographsSideBySideKeepsTheSpacingOfEach) {
  DicomFixture fixture;
  fixture.attributes = {{"PixelSpacing", "0.2\\0.2"}};
  RgbImage image = Overlay(30, 48);
  image.copies = 2;
  EXPECT_EQ(ResultFile(Capture(fixture, AnalysisOf(0.7, 0.2), image).content).Text(DCM_PixelSpacing), "0.4\\0.4");
}

TEST(Capture, RefusesAnInconsistentImage) {
  const std::string file = DicomFixture().Build();
  absl::StatusOr<std::unique_ptr<Radiograph>> radiograph = test::Reader()->Read(file);
  RgbImage image = Overlay(30, 24);
  image.pixels.pop_back();
  EXPECT_FALSE((*radiograph)->Write(ObjectKind::kSecondaryCapture, {AnalysisOf(0.7, 0.2), &image}).ok());
  EXPECT_FALSE((*radiograph)->Write(ObjectKind::kSecondaryCapture, {AnalysisOf(0.7, 0.2)}).ok());
}

}  // namespace
}  // namespace cxr
