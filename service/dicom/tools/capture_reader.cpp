// SPDX-License-Identifier: Apache-2.0
#include "service/dicom/tools/capture_reader.h"

#include <dcmtk/config/osconfig.h>
// osconfig.h comes first, as DCMTK demands.
#include <dcmtk/dcmdata/dcdeftag.h>

#include "absl/strings/str_cat.h"
#include "service/base/failure.h"
#include "service/dicom/read/attribute.h"
#include "service/dicom/read/dicom_parser.h"
#include "service/dicom/read/toolkit.h"

namespace cxr {
namespace {

absl::StatusOr<RgbImage> ReadRgb(absl::string_view dicom) {
  const absl::StatusOr<ParsedInstance> instance = ParseInstance(dicom, ReadLimits{});
  if (!instance.ok()) return instance.status();
  DcmDataset& dataset = *instance->dataset;
  const long rows = FirstInteger(dataset, DCM_Rows).value_or(0);
  const long columns = FirstInteger(dataset, DCM_Columns).value_or(0);
  const bool expected_kind = FirstText(dataset, DCM_PhotometricInterpretation) == "RGB" &&
                             FirstInteger(dataset, DCM_SamplesPerPixel).value_or(0) == 3 &&
                             FirstInteger(dataset, DCM_BitsAllocated).value_or(0) == 8 &&
                             FirstInteger(dataset, DCM_PlanarConfiguration).value_or(0) == 0 &&
                             !instance->pixels.undefined_length && rows > 0 && columns > 0;
  if (!expected_kind) {
    return Failure(FailureReason::kUndecodablePixelData, "The capture is not an uncompressed RGB image of 8 bits.");
  }
  const std::size_t size = static_cast<std::size_t>(rows) * static_cast<std::size_t>(columns) * 3;
  if (instance->pixels.value.size() < size) {
    return Failure(FailureReason::kTruncated, "The pixel data of the capture ends early.");
  }
  const absl::string_view pixels = instance->pixels.value.substr(0, size);
  return RgbImage{static_cast<int>(rows), static_cast<int>(columns), {pixels.begin(), pixels.end()}};
}

}  // namespace

absl::StatusOr<RgbImage> ReadCapture(absl::string_view dicom) {
  SilenceDcmtk();  // it warns on standard error of pixel data that is not parsed
  return Guarded([&] { return ReadRgb(dicom); },
                 [](absl::string_view error) {
                   return Failure(FailureReason::kInternal, absl::StrCat("The capture cannot be read: ", error));
                 });
}

}  // namespace cxr
