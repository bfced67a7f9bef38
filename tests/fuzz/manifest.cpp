// SPDX-License-Identifier: Apache-2.0
// A model's manifest.json.
#include "service/model/manifest.h"

#include <cstdint>

#include "tests/fuzz/contradiction.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto manifest = cxr::ParseManifest({reinterpret_cast<const char*>(data), size});
  if (!manifest.ok()) return 0;
  const cxr::OperatingPoints& points = manifest->info.points;
  cxr::fuzz::Demand(
      0 <= points.indeterminate_from && points.indeterminate_from <= points.positive_from && points.positive_from <= 1,
      "operating points are out of order");
  const auto again = cxr::ParseManifest(cxr::FormatManifest(*manifest));
  cxr::fuzz::Demand(again.ok(), "a manifest cannot be read again");
  cxr::fuzz::Demand(again->info.points == points && again->info.ood == manifest->info.ood, "it reads differently");
  return 0;
}
