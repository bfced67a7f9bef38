// SPDX-License-Identifier: Apache-2.0
#include <dcmtk/config/osconfig.h>

#include "service/dicom/write/result_writers.h"
// osconfig.h comes first, as DCMTK demands.
#include <dcmtk/dcmdata/dcdeftag.h>
#include <dcmtk/dcmdata/dcuid.h>

#include <array>
#include <memory>
#include <stdexcept>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "service/base/failure.h"
#include "service/core/result_words.h"
#include "service/dicom/read/attribute.h"
#include "service/dicom/write/coded_concept.h"
#include "service/dicom/write/deterministic_uid.h"
#include "service/dicom/write/equipment.h"
#include "service/dicom/write/map_plane.h"

namespace cxr {
namespace {

constexpr const char* kImageType = "DERIVED\\PRIMARY\\OTHER\\QUANTITY";  // C.8.16.1.3 and C.8.16.1.4
constexpr int kLargestMapSide = 65535;

void RequireMap(const OFCondition& condition) {
  if (condition.bad()) throw std::runtime_error(absl::StrCat("cannot write a parametric map: ", condition.text()));
}

/// Parametric Map Image (C.8.32.2) and what else stands at the top.
void PutImage(DcmDataset& dataset, const SourceContext& source) {
  PutText(dataset, DCM_ImageType, kImageType);
  PutText(dataset, DCM_ContentLabel, "ACTIVATION_MAP");
  PutText(dataset, DCM_ContentDescription, "Class activation map. Research use only.");
  PutText(dataset, DCM_ContentCreatorName, "");
  PutText(dataset, DCM_ContentQualification, "RESEARCH");
  PutText(dataset, DCM_PixelPresentation, "MONOCHROME");
  PutText(dataset, DCM_PresentationLUTShape, "IDENTITY");
  PutText(dataset, DCM_BurnedInAnnotation, "NO");
  PutText(dataset, DCM_RecognizableVisualFeatures, "NO");
  PutText(dataset, DCM_PatientOrientation, source.patient_orientation);
  const LossyHistory& lossy = source.lossy;
  PutText(dataset, DCM_LossyImageCompression, lossy.flag == "01" ? "01" : "00");
  if (lossy.flag == "01" && !lossy.ratio.empty()) PutText(dataset, DCM_LossyImageCompressionRatio, lossy.ratio);
  if (lossy.flag == "01" && !lossy.method.empty()) PutText(dataset, DCM_LossyImageCompressionMethod, lossy.method);
  (void)dataset.insertEmptyElement(DCM_AcquisitionContextSequence);
}

/// Floating Point Image Pixel (C.7.6.24).
void PutPixels(DcmDataset& dataset, const ActivationMap& map) {
  PutUnsignedShort(dataset, DCM_SamplesPerPixel, 1);
  PutText(dataset, DCM_PhotometricInterpretation, "MONOCHROME2");
  PutUnsignedShort(dataset, DCM_Rows, map.rows);
  PutUnsignedShort(dataset, DCM_Columns, map.columns);
  PutUnsignedShort(dataset, DCM_BitsAllocated, 32);
  PutText(dataset, DCM_NumberOfFrames, "1");
  RequireMap(dataset.putAndInsertFloat32Array(DCM_FloatPixelData, map.values.data(), map.values.size()));
}

/// One dimension, the quantity, of which there is one (C.7.6.17).
void PutDimensions(DcmDataset& dataset, const std::string& sop_instance_uid) {
  const std::string organization = DeterministicUid({"dimensions", sop_instance_uid});
  PutText(AppendItem(dataset, DCM_DimensionOrganizationSequence), DCM_DimensionOrganizationUID, organization);
  DcmItem& index = AppendItem(dataset, DCM_DimensionIndexSequence);
  RequireMap(index.putAndInsertTagKey(DCM_DimensionIndexPointer, DCM_QuantityDefinitionSequence));
  RequireMap(index.putAndInsertTagKey(DCM_FunctionalGroupPointer, DCM_RealWorldValueMappingSequence));
  PutText(index, DCM_DimensionOrganizationUID, organization);
  PutText(index, DCM_DimensionDescriptionLabel, "Quantity");
}

/// Common Instance Reference (C.12.2).
void PutSourceReference(DcmDataset& dataset, const SourceContext& source) {
  DcmItem& series = AppendItem(dataset, DCM_ReferencedSeriesSequence);
  PutText(series, DCM_SeriesInstanceUID, source.identity.series_instance_uid);
  PutReference(AppendItem(series, DCM_ReferencedInstanceSequence), source.sop_class_uid,
               source.identity.sop_instance_uid);
}

template <std::size_t N>
std::string Decimals(const std::array<double, N>& values) {
  return absl::StrJoin(values, "\\", [](std::string* out, double value) { *out += DecimalText(value); });
}

/// Pixel Measures, Plane Position and Plane Orientation (C.7.6.16.2.1, .3 and .4), Frame of Reference (C.7.4.1).
void PutPlane(DcmDataset& dataset, DcmItem& shared, const MapPlane& plane) {
  PutText(dataset, DCM_FrameOfReferenceUID, plane.frame_of_reference_uid);
  PutText(dataset, DCM_PositionReferenceIndicator, "");
  PutText(AppendItem(shared, DCM_PixelMeasuresSequence), DCM_PixelSpacing, Decimals(plane.spacing));
  PutText(AppendItem(shared, DCM_PlanePositionSequence), DCM_ImagePositionPatient, Decimals(plane.position));
  PutText(AppendItem(shared, DCM_PlaneOrientationSequence), DCM_ImageOrientationPatient, Decimals(plane.orientation));
}

std::string DerivationText(const WriteInput& in, const PixelBox& box, bool nominal_spacing) {
  const ModelIdentity& model = in.analysis.model.identity;
  return FitText(
      absl::StrFormat("Class activation map (Grad-CAM) of the finding. It covers columns %g to %g and rows %g to %g of "
                      "the source, counted from the top left corner of its top left pixel.%s Model %s %s sha256 %s; "
                      "settings %s. Research use only.",
                      box.left, box.left + box.width, box.top, box.top + box.height,
                      nominal_spacing ? " The source states no spacing: its pixels count as 1 mm." : "",
                      FitText(model.name, 64), FitText(model.version, 64), FitText(model.sha256, 64),
                      FitText(in.settings.digest, 256)),
      1024);
}

/// C.7.6.16.2.6.
void AddDerivation(DcmItem& shared, const WriteInput& in, const PixelBox& box, bool nominal_spacing) {
  DcmItem& derivation = AppendItem(shared, DCM_DerivationImageSequence);
  PutText(derivation, DCM_DerivationDescription, DerivationText(in, box, nominal_spacing));
  PutCodeSequence(derivation, DCM_DerivationCodeSequence, codes::kGradCam);
  DcmItem& image = AppendItem(derivation, DCM_SourceImageSequence);
  PutReference(image, in.source.sop_class_uid, in.source.identity.sop_instance_uid);
  PutCodeSequence(image, DCM_PurposeOfReferenceCodeSequence, codes::kSourceForProcessing);
}

void AddQuantity(DcmItem& mapping, const CodedConcept& name, const CodedConcept& value) {
  DcmItem& quantity = AppendItem(mapping, DCM_QuantityDefinitionSequence);
  PutText(quantity, DCM_ValueType, "CODE");
  PutCodeSequence(quantity, DCM_ConceptNameCodeSequence, name);
  PutCodeSequence(quantity, DCM_ConceptCodeSequence, value);
}

/// What the numbers are: 0 to 1, no unit, class activation of that finding (C.7.6.16.2.11).
void AddRealWorldMapping(DcmItem& shared, Pattern pattern) {
  DcmItem& mapping = AppendItem(shared, DCM_RealWorldValueMappingSequence);
  RequireMap(mapping.putAndInsertFloat64(DCM_DoubleFloatRealWorldValueFirstValueMapped, 0));
  RequireMap(mapping.putAndInsertFloat64(DCM_DoubleFloatRealWorldValueLastValueMapped, 1));
  RequireMap(mapping.putAndInsertFloat64(DCM_RealWorldValueIntercept, 0));
  RequireMap(mapping.putAndInsertFloat64(DCM_RealWorldValueSlope, 1));
  PutText(mapping, DCM_LUTExplanation, "Class activation, 0 to 1");
  PutText(mapping, DCM_LUTLabel, "ACTIVATION");
  PutCodeSequence(mapping, DCM_MeasurementUnitsCodeSequence, codes::kNoUnits);
  AddQuantity(mapping, codes::kQuantity, codes::kGradCam);
  AddQuantity(mapping, codes::kFinding, FindingCode(pattern));
}

void PutFunctionalGroups(DcmDataset& dataset, const WriteInput& in, const ActivationMap& map) {
  DcmItem& shared = AppendItem(dataset, DCM_SharedFunctionalGroupsSequence);
  const MapPlane plane = LocateMap(in.source, map);
  PutPlane(dataset, shared, plane);
  AddDerivation(shared, in, map.source_box, plane.nominal);
  DcmItem& anatomy = AppendItem(shared, DCM_FrameAnatomySequence);
  PutText(anatomy, DCM_FrameLaterality, "B");
  PutCodeSequence(anatomy, DCM_AnatomicRegionSequence, codes::kChest);
  DcmItem& identity = AppendItem(shared, DCM_PixelValueTransformationSequence);
  PutText(identity, DCM_RescaleIntercept, "0");
  PutText(identity, DCM_RescaleSlope, "1");
  PutText(identity, DCM_RescaleType, "US");
  DcmItem& window = AppendItem(shared, DCM_FrameVOILUTSequence);
  PutText(window, DCM_WindowCenter, "0.5");
  PutText(window, DCM_WindowWidth, "1");
  PutText(window, DCM_VOILUTFunction, "LINEAR_EXACT");  // LINEAR takes integers for granted
  AddRealWorldMapping(shared, map.pattern);
  PutText(AppendItem(shared, DCM_ParametricMapFrameTypeSequence), DCM_FrameType, kImageType);
  DcmItem& frame = AppendItem(dataset, DCM_PerFrameFunctionalGroupsSequence);
  const Uint32 position = 1;
  RequireMap(
      AppendItem(frame, DCM_FrameContentSequence).putAndInsertUint32Array(DCM_DimensionIndexValues, &position, 1));
}

bool IsConsistent(const ActivationMap& map) {
  return map.rows > 0 && map.columns > 0 && map.rows <= kLargestMapSide && map.columns <= kLargestMapSide &&
         map.values.size() == static_cast<std::size_t>(map.rows) * static_cast<std::size_t>(map.columns) &&
         map.source_box.width > 0 && map.source_box.height > 0;
}

}  // namespace

absl::StatusOr<DicomObject> WriteParametricMap(const WriteInput& in) {
  if (!in.analysis.classification.has_value() || !IsConsistent(in.analysis.classification->map))
    return Failure(FailureReason::kInternal, "The analysis has no activation map of a size that fits its values.");
  const ActivationMap& map = in.analysis.classification->map;
  ResultObject result(ObjectKind::kParametricMap, in);
  DcmDataset& dataset = result.dataset();
  PutImage(dataset, in.source);
  PutPixels(dataset, map);
  PutDimensions(dataset, result.sop_instance_uid());
  PutSourceReference(dataset, in.source);
  PutFunctionalGroups(dataset, in, map);
  return std::move(result).Finish();
}

}  // namespace cxr
