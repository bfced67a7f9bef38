// SPDX-License-Identifier: Apache-2.0
#include <dcmtk/config/osconfig.h>
// osconfig.h comes first, as DCMTK demands.
#include <dcmtk/dcmdata/dcdeftag.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "tests/support/dicom_fixture.h"
#include "tests/unit/dicom/support/analysis_samples.h"
#include "tests/unit/dicom/support/result_file.h"

namespace cxr {
namespace {

using test::AnalysisOf;
using test::DicomFixture;
using test::ResultFile;

DicomObject State(const Analysis& analysis, const DicomFixture& fixture = {}) {
  const std::string file = fixture.Build();
  absl::StatusOr<std::unique_ptr<Radiograph>> radiograph = test::Reader()->Read(file);
  EXPECT_TRUE(radiograph.ok()) << radiograph.status();
  absl::StatusOr<DicomObject> state = (*radiograph)->Write(ObjectKind::kPresentationState, {analysis});
  EXPECT_TRUE(state.ok()) << state.status();
  return state.ok() ? *std::move(state) : DicomObject{};
}

DcmItem& Item(DcmItem& parent, const DcmTagKey& sequence, long index = 0) {
  DcmItem* item = nullptr;
  if (parent.findAndGetSequenceItem(sequence, item, index).bad()) throw std::runtime_error("no such item");
  return *item;
}

std::string Text(DcmItem& item, const DcmTagKey& tag) {
  OFString value;
  return item.findAndGetOFStringArray(tag, value).good() ? std::string(value.c_str()) : "(absent)";
}

std::vector<std::vector<float>> Outlines(ResultFile& file) {
  DcmItem& annotation = Item(file.dataset(), DCM_GraphicAnnotationSequence);
  std::vector<std::vector<float>> outlines;
  DcmItem* graphic = nullptr;
  for (long i = 0; annotation.findAndGetSequenceItem(DCM_GraphicObjectSequence, graphic, i).good(); ++i) {
    const Float32* points = nullptr;
    unsigned long count = 0;
    EXPECT_TRUE(graphic->findAndGetFloat32Array(DCM_GraphicData, points, &count).good());
    EXPECT_EQ(Text(*graphic, DCM_GraphicAnnotationUnits), "PIXEL");
    EXPECT_EQ(Text(*graphic, DCM_GraphicType), "POLYLINE");
    EXPECT_EQ(Text(*graphic, DCM_NumberOfGraphicPoints), std::to_string(count / 2));
    outlines.emplace_back(points, points + count);
  }
  return outlines;
}

TEST(PresentationState, IsOneOfTheSourceInItsStudy) {
  const DicomObject state = State(AnalysisOf(0.7, 0.2));
  ResultFile file(state.content);
  EXPECT_EQ(state.kind, ObjectKind::kPresentationState);
  EXPECT_EQ(file.Text(DCM_SOPClassUID), "1.2.840.10008.5.1.4.1.1.11.1");
  EXPECT_EQ(file.Text(DCM_SOPInstanceUID), state.sop_instance_uid);
  EXPECT_EQ(file.Text(DCM_StudyInstanceUID), "2.25.1001");
  EXPECT_EQ(file.Text(DCM_Modality), "PR");
  EXPECT_EQ(file.Text(DCM_Manufacturer), "cxr-triage");
  EXPECT_EQ(file.Text(DCM_PresentationCreationDate), "20240102");
  EXPECT_EQ(file.TextIn(DCM_ReferencedSeriesSequence, DCM_SeriesInstanceUID), "2.25.1002");
  DcmItem& image = Item(Item(file.dataset(), DCM_ReferencedSeriesSequence), DCM_ReferencedImageSequence);
  EXPECT_EQ(Text(image, DCM_ReferencedSOPInstanceUID), "2.25.1003");
  EXPECT_EQ(file.TextIn(DCM_DisplayedAreaSelectionSequence, DCM_DisplayedAreaTopLeftHandCorner), "1\\1");
  EXPECT_EQ(file.TextIn(DCM_DisplayedAreaSelectionSequence, DCM_DisplayedAreaBottomRightHandCorner), "48\\60");
  EXPECT_EQ(State(AnalysisOf(0.7, 0.2)).sop_instance_uid, state.sop_instance_uid);
}

TEST(PresentationState, OutlinesWhatTheReportOutlines) {
  Analysis analysis = AnalysisOf(0.7, 0.2);
  analysis.salient_regions.push_back({{-5, 50}, {500, 50}, {20, 500}});  // not inside the image
  const std::string source = DicomFixture().Build();
  absl::StatusOr<std::unique_ptr<Radiograph>> radiograph = test::Reader()->Read(source);
  ResultFile report((*radiograph)->Write(ObjectKind::kStructuredReport, {analysis})->content);
  ResultFile state((*radiograph)->Write(ObjectKind::kPresentationState, {analysis})->content);
  std::vector<std::vector<float>> reported;
  for (const test::Node& node : Named(report.Nodes(), "Image Region")) reported.push_back(node.points);
  ASSERT_EQ(reported.size(), 3U);
  EXPECT_EQ(Outlines(state), reported);
  for (const std::vector<float>& outline : Outlines(state)) {
    for (std::size_t i = 0; i < outline.size(); ++i) {
      EXPECT_GE(outline[i], 0);
      EXPECT_LE(outline[i], i % 2 == 0 ? 48 : 60);
    }
  }
}

TEST(PresentationState, SaysInWordsWhatTheCaptureSays) {
  Analysis analysis = AnalysisOf(0.499996, 0.0);  // rounds to the operating point and does not reach it
  analysis.reasons = {{ReasonCode::kAgeUnknown, "The patient's age is not known."}};
  ResultFile file(State(analysis).content);
  DcmItem& annotation = Item(file.dataset(), DCM_GraphicAnnotationSequence);
  const std::string caption = Text(Item(annotation, DCM_TextObjectSequence), DCM_UnformattedTextValue);
  EXPECT_EQ(caption,
            "No pattern of pneumonia found\r\nCAUTION: Age is not known\r\nProbability 50.01 %\r\n"
            "Pneumonia score 49.99 %, positive from 50.00 %\r\nModel cxr-test 1.2.3, analysed 2024-01-02\r\n"
            "For research use only; not for diagnosis.");
  EXPECT_TRUE(Outlines(file).empty()) << "a normal radiograph has a caption alone";
}

/// PS3.4 N.2: what a viewer makes of a stored value, 0 to 255.
double Displayed(DcmDataset& state, double stored) {
  Float64 slope = 1;
  Float64 intercept = 0;
  if (state.tagExists(DCM_RescaleSlope)) {  // DCMTK makes 0 of what is not there
    EXPECT_TRUE(state.findAndGetFloat64(DCM_RescaleSlope, slope).good());
    EXPECT_TRUE(state.findAndGetFloat64(DCM_RescaleIntercept, intercept).good());
  }
  const double x = slope * stored + intercept;
  DcmItem& voi = Item(state, DCM_SoftcopyVOILUTSequence);
  double share = 0;
  if (voi.tagExists(DCM_VOILUTSequence)) {
    DcmItem& lut = Item(voi, DCM_VOILUTSequence);
    long count = 0;
    long first = 0;
    long bits = 0;
    (void)lut.findAndGetLongInt(DCM_LUTDescriptor, count, 0);
    (void)lut.findAndGetLongInt(DCM_LUTDescriptor, first, 1);
    (void)lut.findAndGetLongInt(DCM_LUTDescriptor, bits, 2);
    const Uint16* entries = nullptr;
    EXPECT_TRUE(lut.findAndGetUint16Array(DCM_LUTData, entries).good());
    const double index = std::clamp(std::round(x) - static_cast<double>(first), 0.0, static_cast<double>(count - 1));
    share = entries[static_cast<std::size_t>(index)] / (std::ldexp(1.0, static_cast<int>(bits)) - 1);
  } else {
    Float64 c = 0;
    Float64 w = 0;
    (void)voi.findAndGetFloat64(DCM_WindowCenter, c);
    (void)voi.findAndGetFloat64(DCM_WindowWidth, w);
    const std::string function = Text(voi, DCM_VOILUTFunction);
    if (function == "SIGMOID") share = 1 / (1 + std::exp(-4 * (x - c) / w));
    if (function == "LINEAR_EXACT") share = (x - c) / w + 0.5;
    if (function == "LINEAR") share = w > 1 ? (x - (c - 0.5)) / (w - 1) + 0.5 : (x <= c - 0.5 ? 0 : 1);
  }
  share = std::clamp(share, 0.0, 1.0);
  return 255 * (Text(state, DCM_PresentationLUTShape) == "INVERSE" ? 1 - share : share);
}

TEST(PresentationState, ShowsTheImageAsWeDo) {
  for (const auto& [name, fixture] : test::GreyscaleSources()) {
    SCOPED_TRACE(name);
    const std::string source = fixture.Build();
    absl::StatusOr<std::unique_ptr<Radiograph>> radiograph = test::Reader()->Read(source);
    const absl::StatusOr<DicomObject> state =
        (*radiograph)->Write(ObjectKind::kPresentationState, {AnalysisOf(0.7, 0.2)});
    ASSERT_TRUE(state.ok()) << state.status();
    const absl::StatusOr<GrayImage> image = (*radiograph)->DisplayImage();
    ASSERT_TRUE(image.ok()) << image.status();
    ResultFile file(state->content);
    for (std::size_t i = 0; i < image->pixels.size(); i += 7) {
      const auto column = static_cast<int>(i) % fixture.columns;
      int gradient = column * 4095 / (fixture.columns - 1) - (fixture.is_signed ? 4095 / 2 : 0);
      if (fixture.is_signed && gradient > 2047) gradient -= 4096;  // what twelve bits hold
      const double stored = fixture.pixels.empty() ? gradient : fixture.pixels[i];
      EXPECT_NEAR(Displayed(file.dataset(), stored), image->pixels[i], 1.001) << "pixel " << i;
    }
  }
}

TEST(PresentationState, NeedsAClassification) {
  const std::string file = DicomFixture().Build();
  absl::StatusOr<std::unique_ptr<Radiograph>> radiograph = test::Reader()->Read(file);
  EXPECT_FALSE((*radiograph)->Write(ObjectKind::kPresentationState, {test::NotApplicable()}).ok());
}

}  // namespace
}  // namespace cxr
