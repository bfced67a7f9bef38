// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <dcmtk/config/osconfig.h>
// osconfig.h comes first, as DCMTK demands.
#include <dcmtk/dcmdata/dcdatset.h>

#include <memory>
#include <string>

#include "absl/status/statusor.h"

namespace cxr {

/// A data set as a PS3.10 file with preamble and meta header, Explicit VR Little Endian, explicit lengths. SOP class
/// and instance UID must be set. Failure: kInternal.
[[nodiscard]] absl::StatusOr<std::string> WritePart10(std::unique_ptr<DcmDataset> dataset);

}  // namespace cxr
