// SPDX-License-Identifier: Apache-2.0
#include <dcmtk/config/osconfig.h>

#include "service/dicom/write/result_writers.h"
// osconfig.h comes first, as DCMTK demands.
#include <dcmtk/dcmdata/dcdeftag.h>
#include <dcmtk/dcmdata/dcuid.h>

#include <utility>

#include "absl/strings/str_cat.h"
#include "service/base/failure.h"
#include "service/core/result_words.h"
#include "service/dicom/read/attribute.h"
#include "service/dicom/write/coded_concept.h"
#include "service/dicom/write/equipment.h"

namespace cxr {
namespace {

constexpr int kLargestSide = 65535;
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

void PutDerivation(DcmDataset& dataset, const WriteInput& in) {
  const SourceContext& source = in.source;
  const ModelIdentity& model = in.analysis.model.identity;
  PutText(dataset, DCM_DerivationDescription,
          FitText(absl::StrCat("Overlay of class activation map and caption, drawn by model ", model.name, " ",
                               model.version, ". Research use only."),
                  1024));
  if (in.image->rows != source.rows || in.image->columns != source.columns * in.image->copies) {
    PutCodeSequence(dataset, DCM_DerivationCodeSequence, codes::kSpatialResampling);
  }
  DcmItem& reference = AppendItem(dataset, DCM_SourceImageSequence);
  PutReference(reference, source.sop_class_uid, source.identity.sop_instance_uid);
  PutCodeSequence(reference, DCM_PurposeOfReferenceCodeSequence, codes::kSourceForProcessing);
}

void PutSpacing(DcmDataset& dataset, const DcmTagKey& tag, const absl::optional<std::pair<double, double>>& spacing,
                const SourceContext& source, const RgbImage& image) {
  if (!spacing.has_value()) return;
  const double rows = spacing->first * source.rows / image.rows;
  const double columns = spacing->second * source.columns * image.copies / image.columns;
  PutText(dataset, tag, absl::StrCat(DecimalText(rows), "\\", DecimalText(columns)));
}

/// Two spacings that differ need a word on the calibration between them (PS3.3 10.7.1.3, Type 1C). Where the source has
/// none, the one at the detector stays behind: Secondary Capture does not know it, and viewers measure with the other.
void PutSpacings(DcmDataset& dataset, const SourceContext& source, const RgbImage& image) {
  PutSpacing(dataset, DCM_PixelSpacing, source.pixel_spacing, source, image);
  if (!source.calibration_type.empty()) {
    PutText(dataset, DCM_PixelSpacingCalibrationType, source.calibration_type);
    PutText(dataset, DCM_PixelSpacingCalibrationDescription, source.calibration_description);
  } else if (source.pixel_spacing.has_value()) {
    return;
  }
  PutSpacing(dataset, DCM_ImagerPixelSpacing, source.imager_pixel_spacing, source, image);
}

bool IsConsistent(const RgbImage& image) {
  return image.rows > 0 && image.columns > 0 && image.rows <= kLargestSide && image.columns <= kLargestSide &&
         image.copies > 0 && image.columns % image.copies == 0 &&
         image.pixels.size() == std::size_t{3} * image.rows * image.columns;
}

}  // namespace

absl::StatusOr<DicomObject> WriteCapture(const WriteInput& in) {
  if (in.image == nullptr || !IsConsistent(*in.image))
    return Failure(FailureReason::kInternal, "The image of a capture is missing, or its pixels do not fit its size.");
  ResultObject result(ObjectKind::kSecondaryCapture, in);
  DcmDataset& dataset = result.dataset();
  PutText(dataset, DCM_ContentQualification, "RESEARCH");
  PutGeneralImage(dataset, in.source, result.now());
  PutCaptureDevice(dataset, Equipment(in.analysis.model.identity, in.settings.service_version));
  PutDerivation(dataset, in);
  PutSpacings(dataset, in.source, *in.image);
  absl::Status pixels = PutEightBitPixels(dataset, in.image->rows, in.image->columns, in.image->pixels);
  if (!pixels.ok()) return pixels;
  return std::move(result).Finish();
}

}  // namespace cxr
