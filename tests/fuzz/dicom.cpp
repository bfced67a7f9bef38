// SPDX-License-Identifier: Apache-2.0
// A DICOM instance: parsed, decoded, answered with a report.
#include <cstdint>
#include <memory>

#include "service/base/failure.h"
#include "service/dicom/dicom_reader.h"
#include "tests/fuzz/contradiction.h"

namespace {

std::unique_ptr<cxr::RadiographReader> MakeReader() {
  cxr::DicomSettings settings;
  // Small, so that an input takes milliseconds; what happens at a limit is the same.
  settings.limits.max_pixels = settings.limits.max_compressed_pixels = 1 << 20;
  settings.limits.max_inflated_bytes = std::size_t{1} << 22;
  settings.limits.max_reads = 20'000;
  return *cxr::MakeDicomReader(std::move(settings));
}

void Answer(const cxr::Radiograph& radiograph) {
  const auto image = radiograph.DisplayImage();
  const cxr::RadiographFacts& facts = radiograph.facts();
  if (image.ok()) {
    cxr::fuzz::Demand(image->rows == facts.rows && image->columns == facts.columns, "the image has another size");
    cxr::fuzz::Demand(image->pixels.size() == static_cast<std::size_t>(image->rows) * image->columns, "pixels lack");
  }
  cxr::Analysis analysis;
  analysis.reasons = {{cxr::ReasonCode::kViewUnknown, "Nothing says which view the image is."}};
  const auto report = radiograph.Write(cxr::ObjectKind::kStructuredReport, {analysis});
  cxr::fuzz::Demand(report.ok(), "a radiograph that can be read has no report");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::unique_ptr<cxr::RadiographReader> reader = MakeReader();
  const auto radiograph = reader->Read({reinterpret_cast<const char*>(data), size});
  if (radiograph.ok()) {
    Answer(**radiograph);
  } else {
    cxr::fuzz::Demand(cxr::FailureReasonOf(radiograph.status()).has_value(), "a failure has no reason");
  }
  return 0;
}
