// SPDX-License-Identifier: Apache-2.0
#include "service/dicom/write/capture_writer.h"

#include <dcmtk/config/osconfig.h>
// osconfig.h comes first, as DCMTK demands.
#include <dcmtk/dcmdata/dcdeftag.h>
#include <dcmtk/dcmdata/dcuid.h>
#include <dcmtk/dcmdata/dcvrobow.h>

#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "service/core/failure.h"
#include "service/dicom/read/attribute.h"
#include "service/dicom/write/coded_concept.h"
#include "service/dicom/write/dicom_file.h"
#include "service/dicom/write/equipment.h"
#include "service/dicom/write/result_header.h"

namespace cxr {
namespace {

constexpr int kLargestSide = 65535;
constexpr ResultSeries kSeries{"OT", "CXR triage overlay", 9001};
// PS3.3 A.8.1 knows no for-processing intent, no view and no window of a capture: they stay with the source.

void PutGeneralImage(DcmDataset& dataset, const SourceContext& source, const DateTime& now) {
  PutText(dataset, DCM_ImageType, "DERIVED\\SECONDARY");
  PutText(dataset, DCM_PatientOrientation, source.patient_orientation);
  // Whatever the source calls it: PS3.3 C.7.3.1 asks for a Laterality where the part is a paired one, as a lung is.
  PutText(dataset, DCM_BodyPartExamined, "CHEST");
  PutText(dataset, DCM_ConversionType, "WSD");
  PutText(dataset, DCM_DateOfSecondaryCapture, now.date);
  PutText(dataset, DCM_TimeOfSecondaryCapture, now.time);
  PutText(dataset, DCM_BurnedInAnnotation, "YES");  // the caption
  PutText(dataset, DCM_RecognizableVisualFeatures, "NO");
  if (!source.lossy.flag.empty()) PutText(dataset, DCM_LossyImageCompression, source.lossy.flag);
  if (!source.lossy.ratio.empty()) PutText(dataset, DCM_LossyImageCompressionRatio, source.lossy.ratio);
  if (!source.lossy.method.empty()) PutText(dataset, DCM_LossyImageCompressionMethod, source.lossy.method);
}

void PutCaptureDevice(DcmDataset& dataset, const Equipment& equipment) {
  PutText(dataset, DCM_SecondaryCaptureDeviceManufacturer, Equipment::kManufacturer);
  PutText(dataset, DCM_SecondaryCaptureDeviceManufacturerModelName, equipment.model_name);
  PutText(dataset, DCM_SecondaryCaptureDeviceSoftwareVersions, equipment.software_versions);
}

void PutDerivation(DcmDataset& dataset, const SourceContext& source, const Analysis& analysis,
                   const RgbImage& picture) {
  PutText(
      dataset, DCM_DerivationDescription,
      FitText(absl::StrCat("Overlay of class activation map and caption, drawn by model ", analysis.model.identity.name,
                           " ", analysis.model.identity.version, ". Research use only."),
              1024));
  if (picture.rows != source.rows || picture.columns != source.columns * picture.films) {
    PutCodeSequence(dataset, DCM_DerivationCodeSequence, codes::kSpatialResampling);
  }
  DcmItem& image = AppendItem(dataset, DCM_SourceImageSequence);
  PutReference(image, source.sop_class_uid, source.identity.sop_instance_uid);
  PutCodeSequence(image, DCM_PurposeOfReferenceCodeSequence, codes::kSourceForProcessing);
}

void PutSpacing(DcmDataset& dataset, const DcmTagKey& tag, const absl::optional<std::pair<double, double>>& spacing,
                const SourceContext& source, const RgbImage& picture) {
  if (!spacing.has_value()) return;
  const double rows = spacing->first * source.rows / picture.rows;
  const double columns = spacing->second * source.columns * picture.films / picture.columns;
  PutText(dataset, tag, absl::StrCat(DecimalText(rows), "\\", DecimalText(columns)));
}

/// Two spacings that differ need a word on the calibration between them (PS3.3 10.7.1.3, Type 1C). Where the source has
/// none, the one at the detector stays behind: Secondary Capture does not know it, and viewers measure with the other.
void PutSpacings(DcmDataset& dataset, const SourceContext& source, const RgbImage& picture) {
  PutSpacing(dataset, DCM_PixelSpacing, source.pixel_spacing, source, picture);
  if (!source.calibration_type.empty()) {
    PutText(dataset, DCM_PixelSpacingCalibrationType, source.calibration_type);
    PutText(dataset, DCM_PixelSpacingCalibrationDescription, source.calibration_description);
  } else if (source.pixel_spacing.has_value()) {
    return;
  }
  PutSpacing(dataset, DCM_ImagerPixelSpacing, source.imager_pixel_spacing, source, picture);
}

absl::Status PutPixels(DcmDataset& dataset, const RgbImage& picture) {
  PutUnsignedShort(dataset, DCM_SamplesPerPixel, 3);
  PutText(dataset, DCM_PhotometricInterpretation, "RGB");
  PutUnsignedShort(dataset, DCM_PlanarConfiguration, 0);
  PutUnsignedShort(dataset, DCM_Rows, picture.rows);
  PutUnsignedShort(dataset, DCM_Columns, picture.columns);
  PutUnsignedShort(dataset, DCM_BitsAllocated, 8);
  PutUnsignedShort(dataset, DCM_BitsStored, 8);
  PutUnsignedShort(dataset, DCM_HighBit, 7);
  PutUnsignedShort(dataset, DCM_PixelRepresentation, 0);
  const OFCondition written =
      dataset.putAndInsertUint8Array(DcmTag(DCM_PixelData, EVR_OB), picture.pixels.data(), picture.pixels.size());
  if (written.bad()) return Failure(FailureReason::kInternal, absl::StrCat("The capture's pixels: ", written.text()));
  return absl::OkStatus();
}

bool IsConsistent(const RgbImage& picture) {
  return picture.rows > 0 && picture.columns > 0 && picture.rows <= kLargestSide && picture.columns <= kLargestSide &&
         picture.films > 0 && picture.columns % picture.films == 0 &&
         picture.pixels.size() == std::size_t{3} * picture.rows * picture.columns;
}

}  // namespace

absl::StatusOr<DicomObject> WriteCaptureObject(const SourceContext& source, const Analysis& analysis,
                                               const RgbImage& picture, const WriteSettings& settings) {
  if (!IsConsistent(picture)) {
    return Failure(FailureReason::kInternal, absl::StrCat("The overlay has ", picture.rows, " rows, ", picture.columns,
                                                          " columns and ", picture.pixels.size(), " bytes."));
  }
  const DateTime now = settings.clock();
  const Equipment equipment(analysis.model.identity, settings.service_version);
  const ResultIdentity identity = IdentifyResult(source, analysis, UID_SecondaryCaptureImageStorage);
  std::unique_ptr<DcmDataset> dataset = BeginResult(source, analysis, identity, kSeries, settings.service_version, now);
  PutText(*dataset, DCM_ContentQualification, "RESEARCH");
  PutGeneralImage(*dataset, source, now);
  PutCaptureDevice(*dataset, equipment);
  PutDerivation(*dataset, source, analysis, picture);
  PutSpacings(*dataset, source, picture);
  absl::Status pixels = PutPixels(*dataset, picture);
  if (!pixels.ok()) return pixels;
  absl::StatusOr<std::string> content = WritePart10(std::move(dataset));
  if (!content.ok()) return content.status();
  return DicomObject{ObjectKind::kSecondaryCapture, identity.sop_class_uid, identity.sop_instance_uid,
                     identity.series_instance_uid, *std::move(content)};
}

}  // namespace cxr
