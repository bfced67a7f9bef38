// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "absl/status/statusor.h"
#include "service/core/analysis.h"
#include "service/core/image.h"
#include "service/dicom/write/source_context.h"
#include "service/dicom/write/write_settings.h"

namespace cxr {

/// Writes `picture`, which shows the whole source film (more than once, if it says so), as a Secondary Capture (PS3.3
/// A.8.1): RGB, colour by pixel, uncompressed. Failure: kInternal, also for an empty or inconsistent picture.
[[nodiscard]] absl::StatusOr<DicomObject> WriteCaptureObject(const SourceContext& source, const Analysis& analysis,
                                                             const RgbImage& picture, const WriteSettings& settings);

}  // namespace cxr
