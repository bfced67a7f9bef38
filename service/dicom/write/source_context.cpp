// SPDX-License-Identifier: Apache-2.0
#include "service/dicom/write/source_context.h"

#include <dcmtk/dcmdata/dcdeftag.h>
#include <dcmtk/dcmdata/dcuid.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "service/dicom/read/attribute.h"
#include "service/dicom/read/transfer_syntax.h"
#include "service/dicom/write/attribute_copier.h"
#include "service/dicom/write/equipment.h"

namespace cxr {
namespace {

/// Patient (PS3.3 C.7.1.1), General Study (C.7.2.1) and Patient Study (C.7.2.2), as far as text: what finds the result
/// beside its source. Private attributes stay behind.
const std::array kTexts = {DCM_PatientName,
                           DCM_PatientBirthDate,
                           DCM_PatientBirthTime,
                           DCM_PatientSex,
                           DCM_OtherPatientNames,
                           DCM_EthnicGroup,
                           DCM_PatientComments,
                           DCM_LongitudinalTemporalInformationModified,
                           DCM_StudyDate,
                           DCM_StudyTime,
                           DCM_ReferringPhysicianName,
                           DCM_StudyDescription,
                           DCM_PhysiciansOfRecord,
                           DCM_NameOfPhysiciansReadingStudy,
                           DCM_AdmittingDiagnosesDescription,
                           DCM_PatientAge,
                           DCM_PatientSize,
                           DCM_PatientWeight,
                           DCM_Occupation,
                           DCM_AdditionalPatientHistory};

/// What identifies patient, study and order.
const std::array kIdentifiers = {DCM_PatientID, DCM_IssuerOfPatientID, DCM_AccessionNumber, DCM_StudyID};

const std::array kType2 = {DCM_PatientName, DCM_PatientID, DCM_PatientBirthDate, DCM_PatientSex,
                           DCM_StudyDate,   DCM_StudyTime, DCM_AccessionNumber,  DCM_ReferringPhysicianName,
                           DCM_StudyID};

void CopySequences(AttributeCopier& copier) {
  const std::vector<DcmTagKey> code = {DCM_CodeValue, DCM_CodingSchemeDesignator, DCM_CodingSchemeVersion,
                                       DCM_CodeMeaning};
  const std::vector<DcmTagKey> needed = {DCM_CodeValue, DCM_CodingSchemeDesignator, DCM_CodeMeaning};
  const std::vector<DcmTagKey> issuer = {DCM_LocalNamespaceEntityID, DCM_UniversalEntityID, DCM_UniversalEntityIDType};
  copier.CopySequence(DCM_ProcedureCodeSequence, code, needed);
  copier.CopySequence(DCM_IssuerOfAccessionNumberSequence, issuer, {});
  copier.CopySequence(DCM_IssuerOfPatientIDQualifiersSequence, {DCM_UniversalEntityID, DCM_UniversalEntityIDType}, {});
  copier.CopySequence(DCM_OtherPatientIDsSequence, {DCM_PatientID, DCM_IssuerOfPatientID, DCM_TypeOfPatientID},
                      {DCM_PatientID, DCM_TypeOfPatientID});
}

/// PatientIdentityRemoved YES must come with the method (Type 1C), so the two are copied together or not at all.
void CopyDeidentification(AttributeCopier& copier, DcmDataset& result) {
  copier.CopySequence(DCM_DeidentificationMethodCodeSequence,
                      {DCM_CodeValue, DCM_CodingSchemeDesignator, DCM_CodingSchemeVersion, DCM_CodeMeaning},
                      {DCM_CodeValue, DCM_CodingSchemeDesignator, DCM_CodeMeaning});
  const bool text = copier.Copy(DCM_DeidentificationMethod);
  if (!copier.Copy(DCM_PatientIdentityRemoved)) return;
  if (text || result.tagExists(DCM_DeidentificationMethodCodeSequence)) return;
  if (FirstText(result, DCM_PatientIdentityRemoved) != "YES") return;
  result.findAndDeleteElement(DCM_PatientIdentityRemoved);
  copier.LeaveOut(DCM_PatientIdentityRemoved);
}

absl::optional<std::pair<double, double>> ReadSpacing(AttributeCopier& copier, const DcmTagKey& tag) {
  const std::string text = copier.ValidText(tag);
  if (text.empty()) return absl::nullopt;
  const std::vector<absl::string_view> values = absl::StrSplit(text, '\\');
  double row = 0;
  double column = 0;
  constexpr double kFinest = 1e-4;  // mm; anything beyond these is no pixel
  constexpr double kWidest = 1000;
  if (values.size() == 2 && absl::SimpleAtod(values[0], &row) && absl::SimpleAtod(values[1], &column) &&
      row >= kFinest && column >= kFinest && row <= kWidest && column <= kWidest) {
    return std::make_pair(row, column);
  }
  copier.LeaveOut(tag);
  return absl::nullopt;
}

/// The type must come with a description (Type 1C), so there are both or none.
void ReadCalibration(AttributeCopier& copier, SourceContext& context) {
  const std::string type = copier.ValidText(DCM_PixelSpacingCalibrationType);
  const std::string description = copier.ValidText(DCM_PixelSpacingCalibrationDescription);
  if (!context.pixel_spacing || description.empty() || (type != "GEOMETRY" && type != "FIDUCIAL")) return;
  context.calibration_type = type;
  context.calibration_description = description;
}

std::string FallbackSopClass(absl::string_view modality) {
  if (modality == "CR") return UID_ComputedRadiographyImageStorage;
  if (modality == "DX") return UID_DigitalXRayImageStorageForPresentation;
  return UID_SecondaryCaptureImageStorage;
}

std::size_t CountValues(absl::string_view text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\\')) + 1;
}

/// What the source says of lossy compression. JPEG baseline and extended say it too; the lossy syntaxes of JPEG-LS and
/// JPEG 2000 may hold lossless frames, so there the source has to. The ratio of the frame at hand can be worked out.
LossyHistory ReadLossyHistory(AttributeCopier& copier, const ParsedInstance& instance, const PixelLayout& layout,
                              const PixelData& pixels) {
  LossyHistory lossy;
  const TransferSyntax* syntax = FindTransferSyntax(instance.transfer_syntax_uid);
  const std::string method(syntax == nullptr ? absl::string_view() : syntax->lossy_method);
  lossy.flag = method == "ISO_10918_1" ? "01" : copier.ValidText(DCM_LossyImageCompression);
  if (lossy.flag != "01") return lossy;
  lossy.ratio = copier.ValidText(DCM_LossyImageCompressionRatio);
  lossy.method = copier.ValidText(DCM_LossyImageCompressionMethod);
  if (lossy.method.empty()) lossy.method = method;
  std::size_t compressed = 0;
  for (absl::string_view fragment : pixels.fragments) compressed += fragment.size();
  if (lossy.ratio.empty() && !method.empty() && compressed > 0 && CountValues(lossy.method) == 1) {
    lossy.ratio = absl::StrFormat("%.2f", static_cast<double>(layout.bytes()) / static_cast<double>(compressed));
  }
  if (!lossy.method.empty() && !lossy.ratio.empty() && CountValues(lossy.ratio) != CountValues(lossy.method))
    lossy.method.clear();
  return lossy;
}

/// The source's instance number when it can serve as one: results of a series keep the order of their sources.
std::string ReadInstanceNumber(AttributeCopier& copier) {
  const std::string text = copier.ValidText(DCM_InstanceNumber);
  int number = 0;
  return absl::SimpleAtoi(text, &number) && number >= 0 ? absl::StrCat(number) : "1";
}

}  // namespace

void GatherContext(ParsedInstance& instance, const SourceIdentity& identity, const PixelLayout& layout,
                   const PixelData& pixels, SourceContext& context) {
  DcmDataset& source = *instance.dataset;
  context.identity = identity;
  context.modality = FirstTextUpper(source, DCM_Modality);
  context.sop_class_uid = UidText(source, DCM_SOPClassUID);
  if (context.sop_class_uid.empty()) context.sop_class_uid = instance.media_storage_sop_class;
  if (context.sop_class_uid.empty()) context.sop_class_uid = FallbackSopClass(context.modality);
  context.rows = layout.rows;
  context.columns = layout.columns;

  AttributeCopier copier(source, context.attributes, context.left_out);
  for (const DcmTagKey& tag : kIdentifiers) copier.CopyIdentifier(tag);
  for (const DcmTagKey& tag : kTexts) copier.Copy(tag);
  CopySequences(copier);
  CopyDeidentification(copier, context.attributes);
  CopyEquipmentHistory(copier, source, context.attributes);
  for (const DcmTagKey& tag : kType2) {
    if (!context.attributes.tagExists(tag)) PutText(context.attributes, tag, "");
  }
  PutText(context.attributes, DCM_StudyInstanceUID, identity.study_instance_uid);
  context.patient_orientation = copier.ValidText(DCM_PatientOrientation);
  context.instance_number = ReadInstanceNumber(copier);
  context.pixel_spacing = ReadSpacing(copier, DCM_PixelSpacing);
  context.imager_pixel_spacing = ReadSpacing(copier, DCM_ImagerPixelSpacing);
  ReadCalibration(copier, context);
  context.lossy = ReadLossyHistory(copier, instance, layout, pixels);
}

}  // namespace cxr
