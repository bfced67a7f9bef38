// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "service/dicom/read/read_limits.h"
#include "service/dicom/write/write_settings.h"

namespace cxr {

/// How sources are read and results written.
struct DicomSettings {
  ReadLimits limits = {};
  WriteSettings write = {};
};

}  // namespace cxr
