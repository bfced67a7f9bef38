// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "service/core/radiograph.h"
#include "service/dicom/dicom_settings.h"

namespace cxr {

/// Makes the reader of DICOM instances: PS3.10 files, also without preamble or meta header; little and big endian,
/// implicit, explicit, deflated; RLE, JPEG baseline, extended and lossless, JPEG-LS, JPEG 2000. Thread-safe; the
/// Radiographs it opens keep what they need of it alive. Turns the logging of DCMTK and GDCM off for the whole process,
/// for it holds patient data. Failure: kInternal when DCMTK's data dictionary is missing.
[[nodiscard]] absl::StatusOr<std::unique_ptr<RadiographReader>> MakeDicomReader(DicomSettings settings = {});

}  // namespace cxr
