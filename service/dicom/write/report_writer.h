// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "absl/status/statusor.h"
#include "service/core/analysis.h"
#include "service/dicom/write/source_context.h"
#include "service/dicom/write/write_settings.h"

namespace cxr {

/// Writes the report of `analysis`: Comprehensive SR (PS3.3 A.35.3) or Comprehensive 3D SR (A.35.13), as the settings
/// say, with the content of WriteReportTree. `capture`, if not null, is named as evidence and in the image library
/// beside the source. Failure: kInternal.
[[nodiscard]] absl::StatusOr<DicomObject> WriteReportObject(const SourceContext& source, const Analysis& analysis,
                                                            const DicomObject* capture, const WriteSettings& settings);

}  // namespace cxr
