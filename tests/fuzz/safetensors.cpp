// SPDX-License-Identifier: Apache-2.0
// A safetensors file as the data of the out-of-distribution score.
#include <cmath>
#include <cstdint>
#include <vector>

#include "service/model/outlier_detector.h"
#include "tests/fuzz/contradiction.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto detector = cxr::OutlierDetector::Parse({reinterpret_cast<const char*>(data), size});
  if (!detector.ok()) return 0;
  const double score = detector->Score(std::vector<float>(detector->channels(), 0.5F));
  cxr::fuzz::Demand(std::isnan(score) || score >= 0, "a score is negative");
  cxr::fuzz::Demand(cxr::OutlierDetector::Parse(detector->Format()).ok(), "what was written cannot be read");
  return 0;
}
