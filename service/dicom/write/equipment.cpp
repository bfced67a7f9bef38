// SPDX-License-Identifier: Apache-2.0
#include "service/dicom/write/equipment.h"

#include <dcmtk/dcmdata/dcdeftag.h>

#include "absl/strings/str_cat.h"
#include "service/core/result_words.h"
#include "service/dicom/read/attribute.h"

namespace cxr {
namespace {

constexpr std::size_t kLongString = 64;
constexpr std::size_t kSerialDigits = 16;

std::string OrUnknown(const std::string& text) {
  return text.empty() ? "unknown" : text;
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

}  // namespace cxr
