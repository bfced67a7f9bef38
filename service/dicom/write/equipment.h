// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <dcmtk/config/osconfig.h>
// osconfig.h comes first, as DCMTK demands.
#include <dcmtk/dcmdata/dcitem.h>

#include <string>

#include "service/core/model_info.h"
#include "service/dicom/write/attribute_copier.h"

namespace cxr {

/// What made a result. The plugin recognises our results by the manufacturer.
struct Equipment {
  static constexpr const char* kManufacturer = "cxr-triage";

  Equipment(const ModelIdentity& model, const std::string& service_version);

  std::string model_name;         ///< LO: the model's name
  std::string serial_number;      ///< LO: the first 16 digits of the model's SHA-256
  std::string software_versions;  ///< LO, two values: service and model
};

/// Writes General Equipment and Enhanced General Equipment (PS3.3 C.7.5.1, C.7.5.2).
void PutEquipment(DcmItem& dataset, const Equipment& equipment);

/// Writes into ContributingEquipmentSequence (0018,A001; PS3.3 C.12.1) of `result` what the source says of its own
/// making: the equipment that acquired it, if it names a manufacturer, then what had contributed before (digitisers,
/// de-identification). An item that lacks purpose or manufacturer is left out and named. `copier` must copy from
/// `source` to `result`.
void CopyEquipmentHistory(AttributeCopier& copier, DcmItem& source, DcmDataset& result);

}  // namespace cxr
