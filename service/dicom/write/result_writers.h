// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "absl/status/statusor.h"
#include "service/dicom/write/result_object.h"

namespace cxr {

/// Writes the form of result of that kind. Failure: kInternal, also when `in` lacks what the form is made of. May throw
/// what DCMTK and memory throw.
[[nodiscard]] absl::StatusOr<DicomObject> WriteResult(ObjectKind kind, const WriteInput& in);

/// Secondary Capture (PS3.3 A.8.1) of `in.image`, which shows the whole source (more than once, if it says so): RGB,
/// colour by pixel, uncompressed. Failure for an empty or inconsistent image too.
[[nodiscard]] absl::StatusOr<DicomObject> WriteCapture(const WriteInput& in);

/// Comprehensive SR (PS3.3 A.35.3) or Comprehensive 3D SR (A.35.13), as the settings say, with the content of
/// WriteReportTree. The capture, if there is one, is named as evidence and in the image library beside the source.
[[nodiscard]] absl::StatusOr<DicomObject> WriteReport(const WriteInput& in);

/// Grayscale Softcopy Presentation State (PS3.3 A.33.1) of the source: shown whole, with the grey scale of `in.curve`,
/// the outlines of ReportedRegions as closed polylines in source pixels, and the caption. A radiograph on which nothing
/// stands out has the caption alone. Failure for an analysis without classification too.
[[nodiscard]] absl::StatusOr<DicomObject> WritePresentationState(const WriteInput& in);

/// Parametric Map (PS3.3 A.75) of the activation map, of one frame: 32-bit floats, 0 to 1, neither enlarged nor
/// rounded. It lies in the plane of LocateMap; the derivation says its box in source pixels too. Failure for an
/// analysis without classification, and for a map that contradicts its size, too.
[[nodiscard]] absl::StatusOr<DicomObject> WriteParametricMap(const WriteInput& in);

}  // namespace cxr
