// SPDX-License-Identifier: Apache-2.0
#include "service/dicom/tools/image_wrapper.h"

#include <dcmtk/config/osconfig.h>
// osconfig.h comes first, as DCMTK demands.
#include <dcmtk/dcmdata/dcdatset.h>
#include <dcmtk/dcmdata/dcdeftag.h>
#include <dcmtk/dcmdata/dcelem.h>
#include <dcmtk/dcmdata/dcuid.h>

#include <memory>
#include <stdexcept>
#include <utility>

#include "absl/strings/str_cat.h"
#include "service/dicom/read/attribute.h"
#include "service/dicom/read/toolkit.h"
#include "service/dicom/write/coded_concept.h"
#include "service/dicom/write/deterministic_uid.h"
#include "service/dicom/write/equipment.h"
#include "service/dicom/write/result_object.h"
#include "service/dicom/write/write_settings.h"

namespace cxr {
namespace {

constexpr int kLargestSide = 65535;

constexpr std::size_t kLongString = 64;

/// Writes a value and checks it against its VR.
absl::Status PutChecked(DcmDataset& dataset, const DcmTagKey& tag, const std::string& value) {
  DcmElement* element = nullptr;
  PutText(dataset, tag, value);
  const bool valid = dataset.findAndGetElement(tag, element).good() && element->checkValue("1").good();
  if (valid && value.size() <= kLongString) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(DcmTag(tag).getTagName(), " is not valid for its VR: \"", value, "\""));
}

absl::Status PutPatientAndStudy(DcmDataset& dataset, const WrapOptions& options) {
  PutText(dataset, DCM_SpecificCharacterSet, "ISO_IR 192");
  const std::pair<DcmTagKey, const std::string&> values[] = {{DCM_PatientName, options.patient_name},
                                                             {DCM_PatientID, options.patient_id},
                                                             {DCM_PatientSex, options.patient_sex},
                                                             {DCM_StudyDate, options.study_date}};
  for (const auto& [tag, value] : values) {
    absl::Status status = PutChecked(dataset, tag, value);
    if (!status.ok()) return status;
  }
  for (const DcmTagKey& tag :
       {DCM_PatientBirthDate, DCM_StudyTime, DCM_AccessionNumber, DCM_ReferringPhysicianName, DCM_StudyID}) {
    PutText(dataset, tag, "");
  }
  if (!options.patient_age.empty()) {
    absl::Status status = PutChecked(dataset, DCM_PatientAge, options.patient_age);
    if (!status.ok()) return status;
  }
  return PutChecked(dataset, DCM_StudyDescription,
                    options.study_description.empty() ? "Wrapped image" : options.study_description);
}

void PutIdentity(DcmDataset& dataset, const GrayImage& image, const WrapOptions& options) {
  const std::string size = absl::StrCat(image.rows, "x", image.columns);
  const absl::string_view pixels(reinterpret_cast<const char*>(image.pixels.data()), image.pixels.size());
  const std::string instance = DeterministicUid({"picture", options.file_name, size, pixels});
  PutText(dataset, DCM_SOPClassUID, UID_DigitalXRayImageStorageForPresentation);
  PutText(dataset, DCM_SOPInstanceUID, instance);
  PutText(dataset, DCM_StudyInstanceUID, DeterministicUid({"picture study", instance}));
  PutText(dataset, DCM_SeriesInstanceUID, DeterministicUid({"picture series", instance}));
  PutText(dataset, DCM_SeriesNumber, "1");
  PutText(dataset, DCM_InstanceNumber, "1");
  PutText(dataset, DCM_Modality, "DX");
  PutText(dataset, DCM_PresentationIntentType, "FOR PRESENTATION");
  PutText(dataset, DCM_SeriesDescription, "Wrapped image");
  PutText(dataset, DCM_Manufacturer, "cxr-triage picture wrapper");
  PutText(dataset, DCM_SoftwareVersions, CompiledVersion());
}

void PutImage(DcmDataset& dataset, const WrapOptions& options) {
  PutText(dataset, DCM_ImageType, "DERIVED\\PRIMARY\\");
  PutText(dataset, DCM_BodyPartExamined, "CHEST");
  PutCodeSequence(dataset, DCM_AnatomicRegionSequence, codes::kChest);
  PutText(dataset, DCM_ImageLaterality, "U");
  PutText(dataset, DCM_PatientOrientation, "L\\F");
  PutText(dataset, DCM_AcquisitionDate, "");
  PutText(dataset, DCM_AcquisitionTime, "");
  PutText(dataset, DCM_ContentDate, "");
  PutText(dataset, DCM_ContentTime, "");
  PutText(dataset, DCM_DetectorType, "");
  PutText(dataset, DCM_ImagerPixelSpacing, "1\\1");
  PutText(dataset, DCM_ImageComments,
          "Wrapped from an image file; pixel spacing and orientation are nominal. Research use only.");
  PutText(dataset, DCM_BurnedInAnnotation, "NO");
  PutText(dataset, DCM_LossyImageCompression, options.lossy ? "01" : "00");
  if (options.lossy) PutText(dataset, DCM_LossyImageCompressionMethod, "ISO_10918_1");
  PutText(dataset, DCM_DerivationDescription, "Image file wrapped as DICOM");
  if (dataset.insertEmptyElement(DCM_AcquisitionContextSequence).bad()) throw std::runtime_error("acquisition context");
}

void PutGreyScale(DcmDataset& dataset) {
  PutText(dataset, DCM_PixelIntensityRelationship, "LOG");
  if (dataset.putAndInsertSint16(DCM_PixelIntensityRelationshipSign, -1).bad()) throw std::runtime_error("sign");
  PutText(dataset, DCM_RescaleIntercept, "0");
  PutText(dataset, DCM_RescaleSlope, "1");
  PutText(dataset, DCM_RescaleType, "US");
  PutText(dataset, DCM_PresentationLUTShape, "IDENTITY");
  PutText(dataset, DCM_WindowCenter, "128");
  PutText(dataset, DCM_WindowWidth, "256");
}

absl::StatusOr<std::string> Wrap(const GrayImage& image, const WrapOptions& options) {
  auto dataset = std::make_unique<DcmDataset>();
  absl::Status patient = PutPatientAndStudy(*dataset, options);
  if (!patient.ok()) return patient;
  PutIdentity(*dataset, image, options);
  PutImage(*dataset, options);
  PutGreyScale(*dataset);
  absl::Status pixels = PutEightBitPixels(*dataset, image.rows, image.columns, image.pixels);
  if (!pixels.ok()) return pixels;
  return WritePart10(std::move(dataset));
}

}  // namespace

absl::StatusOr<std::string> WrapImageAsDx(const GrayImage& image, const WrapOptions& options) {
  const bool sides_ok =
      image.rows > 0 && image.columns > 0 && image.rows <= kLargestSide && image.columns <= kLargestSide;
  if (!sides_ok || image.pixels.size() != static_cast<std::size_t>(image.rows) * image.columns) {
    return absl::InvalidArgumentError(absl::StrCat("an image of ", image.rows, " rows and ", image.columns,
                                                   " columns with ", image.pixels.size(), " pixels cannot be wrapped"));
  }
  return Guarded([&] { return Wrap(image, options); },
                 [](absl::string_view error) { return absl::InternalError(error); });
}

}  // namespace cxr
