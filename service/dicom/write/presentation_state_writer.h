// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "absl/status/statusor.h"
#include "service/core/analysis.h"
#include "service/dicom/display/display_curve.h"
#include "service/dicom/write/source_context.h"
#include "service/dicom/write/write_settings.h"

namespace cxr {

/// Writes a Grayscale Softcopy Presentation State (PS3.3 A.33.1) of the source: shown whole, with the grey scale of
/// `curve` (fitted to the data), the outlines of ReportedRegions as closed polylines in source pixels, and the caption
/// in words. A film on which nothing stands out has the caption alone. Failure: kInternal, also for an analysis without
/// classification.
[[nodiscard]] absl::StatusOr<DicomObject> WritePresentationStateObject(const SourceContext& source,
                                                                       const Analysis& analysis,
                                                                       const DisplayCurve& curve,
                                                                       const WriteSettings& settings);

}  // namespace cxr
