// SPDX-License-Identifier: Apache-2.0
#include "service/dicom/write/equipment.h"

#include <dcmtk/dcmdata/dcdeftag.h>
#include <dcmtk/dcmdata/dcsequen.h>

#include <vector>

#include "absl/strings/str_cat.h"
#include "service/core/result_words.h"
#include "service/dicom/read/attribute.h"
#include "service/dicom/write/coded_concept.h"

namespace cxr {
namespace {

constexpr std::size_t kLongString = 64;
constexpr std::size_t kSerialDigits = 16;

std::string OrUnknown(const std::string& text) {
  return text.empty() ? "unknown" : text;
}

constexpr long kMostDevices = 8;

std::vector<DcmTagKey> DeviceLeaves() {
  return {DCM_Manufacturer,          DCM_InstitutionName,    DCM_StationName,
          DCM_ManufacturerModelName, DCM_DeviceSerialNumber, DCM_SoftwareVersions};
}

void DeleteLastItem(DcmDataset& result) {
  DcmSequenceOfItems* sequence = nullptr;
  if (result.findAndGetSequence(DCM_ContributingEquipmentSequence, sequence).bad() || sequence == nullptr) return;
  delete sequence->remove(sequence->card() - 1);
  if (sequence->card() == 0) result.findAndDeleteElement(DCM_ContributingEquipmentSequence);
}

bool CopyContributor(AttributeCopier& copier, DcmItem& from, DcmItem& to) {
  DcmItem* purpose = FirstItem(from, DCM_PurposeOfReferenceCodeSequence);
  if (purpose == nullptr) return false;
  const std::vector<DcmTagKey> code = {DCM_CodeValue, DCM_CodingSchemeDesignator, DCM_CodeMeaning};
  if (!copier.CopyItem(*purpose, AppendItem(to, DCM_PurposeOfReferenceCodeSequence), code, code)) return false;
  std::vector<DcmTagKey> leaves = DeviceLeaves();
  leaves.insert(leaves.end(), {DCM_ContributionDateTime, DCM_ContributionDescription});
  return copier.CopyItem(from, to, leaves, {DCM_Manufacturer});
}

}  // namespace

Equipment::Equipment(const ModelIdentity& model, const std::string& service_version)
    : model_name(OrUnknown(FitText(model.name, kLongString))),
      serial_number(OrUnknown(FitText(model.sha256, kSerialDigits))),
      software_versions(absl::StrCat(FitText(absl::StrCat("cxr-triage ", service_version), kLongString), "\\",
                                     FitText(absl::StrCat("model ", model.version), kLongString))) {}

void PutEquipment(DcmItem& dataset, const Equipment& equipment) {
  PutText(dataset, DCM_Manufacturer, Equipment::kManufacturer);
  PutText(dataset, DCM_ManufacturerModelName, equipment.model_name);
  PutText(dataset, DCM_DeviceSerialNumber, equipment.serial_number);
  PutText(dataset, DCM_SoftwareVersions, equipment.software_versions);
}

void CopyEquipmentHistory(AttributeCopier& copier, DcmItem& source, DcmDataset& result) {
  if (!FirstText(source, DCM_Manufacturer).empty()) {
    DcmItem& acquisition = AppendItem(result, DCM_ContributingEquipmentSequence);
    PutCodeSequence(acquisition, DCM_PurposeOfReferenceCodeSequence, codes::kAcquisitionEquipment);
    if (!copier.CopyItem(source, acquisition, DeviceLeaves(), {DCM_Manufacturer})) DeleteLastItem(result);
  }
  DcmItem* from = nullptr;
  for (long i = 0; i < kMostDevices && source.findAndGetSequenceItem(DCM_ContributingEquipmentSequence, from, i).good();
       ++i) {
    if (CopyContributor(copier, *from, AppendItem(result, DCM_ContributingEquipmentSequence))) continue;
    DeleteLastItem(result);
    copier.LeaveOut(DCM_ContributingEquipmentSequence);
  }
}

}  // namespace cxr
