// SPDX-License-Identifier: Apache-2.0
#include "service/dicom/read/toolkit.h"

#include <dcmtk/config/osconfig.h>
// osconfig.h comes first, as DCMTK demands.
#include <dcmtk/oflog/oflog.h>

namespace cxr {

void SilenceDcmtk() {
  OFLog::configure(OFLogger::OFF_LOG_LEVEL);
}

}  // namespace cxr
