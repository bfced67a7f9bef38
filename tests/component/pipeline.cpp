// SPDX-License-Identifier: Apache-2.0
#include "tests/component/pipeline.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dcistrmb.h>
#include <dcmtk/dcmdata/dctk.h>

#include <cstdlib>
#include <filesystem>
#include <iostream>

#include "service/dicom/dicom_reader.h"
#include "service/imaging/overlay.h"
#include "service/model/model_classifier.h"

namespace cxr::test {
namespace {

template <typename T>
T Need(absl::StatusOr<T> value) {
  if (value.ok()) return *std::move(value);
  std::cerr << value.status() << std::endl;
  std::abort();
}

void Load(const DicomObject& object, DcmFileFormat& file) {
  DcmInputBufferStream stream;
  stream.setBuffer(object.content.data(), static_cast<offile_off_t>(object.content.size()));
  stream.setEos();
  file.transferInit();
  if (file.read(stream).bad()) std::abort();
  file.transferEnd();
}

Polygon PolygonOf(DcmElement& element) {
  Polygon polygon;
  for (unsigned long i = 0; i + 1 < element.getVM(); i += 2) {
    Float32 x = 0;
    Float32 y = 0;
    if (element.getFloat32(x, i).bad() || element.getFloat32(y, i + 1).bad()) std::abort();
    polygon.push_back({x, y});
  }
  return polygon;
}

DicomSettings Settings() {
  DicomSettings settings;
  settings.write.digest = "component test";
  return settings;
}

}  // namespace

Pipeline::Pipeline(const std::string& model_directory, UnlikePolicy unlike)
    : unlike_(unlike),
      reader_(Need(MakeDicomReader(Settings()))),
      classifier_(Need(LoadClassifier(model_directory, {}))),
      renderer_(MakeOverlayRenderer({})) {}

absl::StatusOr<AnalysisResult> Pipeline::Analyze(const std::string& dicom, ObjectKinds wanted) const {
  AnalysisSettings settings;
  settings.population = PopulationPolicy::kWarn;
  settings.unlike = unlike_;
  Stopwatch stopwatch;
  return AnalyzeRadiograph(dicom, {reader_.get(), classifier_.get(), renderer_.get()}, settings, wanted, stopwatch);
}

std::string ShippedModelDirectory() {
  const char* source = std::getenv("CXR_SOURCE_DIR");
  for (const auto& entry :
       std::filesystem::directory_iterator(std::string(source != nullptr ? source : ".") + "/service/models")) {
    if (entry.is_directory()) return entry.path().string();
  }
  return "no model in service/models";
}

std::vector<Polygon> RegionsOfReport(const DicomObject& report) {
  DcmFileFormat file;
  Load(report, file);
  std::vector<Polygon> regions;
  DcmStack stack;
  while (file.getDataset()->nextObject(stack, true).good()) {
    DcmObject* object = stack.top();
    if (object->getTag() == DCM_GraphicData) regions.push_back(PolygonOf(*dynamic_cast<DcmElement*>(object)));
  }
  return regions;
}

std::string TextOfPresentationState(const DicomObject& state) {
  DcmFileFormat file;
  Load(state, file);
  DcmStack stack;
  OFString text;
  if (file.getDataset()->search(DCM_UnformattedTextValue, stack, ESM_fromHere, true).bad() ||
      static_cast<DcmElement*>(stack.top())->getOFStringArray(text).bad()) {
    std::abort();
  }
  return text.c_str();
}

ActivationMap MapOfObject(const DicomObject& object, double spacing) {
  DcmFileFormat file;
  Load(object, file);
  DcmDataset& dataset = *file.getDataset();
  Uint16 rows = 0;
  Uint16 columns = 0;
  const Float32* values = nullptr;
  unsigned long count = 0;
  DcmItem* shared = nullptr;
  if (dataset.findAndGetUint16(DCM_Rows, rows).bad() || dataset.findAndGetUint16(DCM_Columns, columns).bad() ||
      dataset.findAndGetFloat32Array(DCM_FloatPixelData, values, &count).bad() || count != 1UL * rows * columns ||
      dataset.findAndGetSequenceItem(DCM_SharedFunctionalGroupsSequence, shared, 0).bad()) {
    std::abort();
  }
  const auto number = [&](const DcmTagKey& group, const DcmTagKey& tag, unsigned long position) {
    DcmItem* item = nullptr;
    Float64 value = 0;
    if (shared->findAndGetSequenceItem(group, item, 0).bad() || item->findAndGetFloat64(tag, value, position).bad()) {
      std::abort();
    }
    return value / spacing;
  };
  const double height = number(DCM_PixelMeasuresSequence, DCM_PixelSpacing, 0);
  const double width = number(DCM_PixelMeasuresSequence, DCM_PixelSpacing, 1);
  double left = -width / 2;
  double top = -height / 2;
  for (unsigned long axis = 0; axis < 3; ++axis) {
    const double position = number(DCM_PlanePositionSequence, DCM_ImagePositionPatient, axis);
    left += position * spacing * number(DCM_PlaneOrientationSequence, DCM_ImageOrientationPatient, axis);
    top += position * spacing * number(DCM_PlaneOrientationSequence, DCM_ImageOrientationPatient, 3 + axis);
  }
  return {rows, columns, {values, values + count}, {left, top, width * columns, height * rows}, Pattern::kNormal};
}

RgbImage ImageOfCapture(const DicomObject& capture) {
  DcmFileFormat file;
  Load(capture, file);
  Uint16 rows = 0;
  Uint16 columns = 0;
  const Uint8* pixels = nullptr;
  unsigned long count = 0;
  if (file.getDataset()->findAndGetUint16(DCM_Rows, rows).bad() ||
      file.getDataset()->findAndGetUint16(DCM_Columns, columns).bad() ||
      file.getDataset()->findAndGetUint8Array(DCM_PixelData, pixels, &count).bad() || count < 3UL * rows * columns) {
    std::abort();
  }
  return {rows, columns, {pixels, pixels + 3UL * rows * columns}};
}

}  // namespace cxr::test
