// SPDX-License-Identifier: Apache-2.0
// Results as clients read them back: a structured report, a capture.
#include <cstdint>

#include "service/dicom/tools/capture_reader.h"
#include "service/dicom/tools/report_reader.h"
#include "tests/fuzz/contradiction.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const absl::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto report = cxr::ReadReport(bytes);
  if (report.ok()) cxr::fuzz::Demand(!report->source_instance_uid.empty(), "a report without source is read");
  const auto capture = cxr::ReadCapture(bytes);
  if (capture.ok()) {
    const auto pixels = static_cast<std::size_t>(capture->rows) * capture->columns;
    cxr::fuzz::Demand(capture->pixels.size() == 3 * pixels, "pixels of a capture lack");
  }
  return 0;
}
