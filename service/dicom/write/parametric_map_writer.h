// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "absl/status/statusor.h"
#include "service/core/analysis.h"
#include "service/dicom/write/source_context.h"
#include "service/dicom/write/write_settings.h"

namespace cxr {

/// Writes the activation map as a Parametric Map (PS3.3 A.75) of one frame: 32-bit floats, 0 to 1, neither enlarged nor
/// rounded. It lies in the plane of LocateMap; the derivation says its box in source pixels too. Failure: kInternal,
/// also for an analysis without classification and a map that contradicts its size.
[[nodiscard]] absl::StatusOr<DicomObject> WriteParametricMapObject(const SourceContext& source,
                                                                   const Analysis& analysis,
                                                                   const WriteSettings& settings);

}  // namespace cxr
