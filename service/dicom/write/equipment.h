// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <dcmtk/config/osconfig.h>
// osconfig.h comes first, as DCMTK demands.
#include <dcmtk/dcmdata/dcitem.h>

#include <string>

#include "service/core/model_info.h"

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

}  // namespace cxr
