// SPDX-License-Identifier: Apache-2.0
#include "service/app/warm_up.h"

#include <cstdint>

#include "service/model/engine/device.h"

namespace cxr {
namespace {

/// Every grey level, so that no step of the network is skipped.
GrayImage GrayRamp() {
  constexpr int kSide = 256;
  GrayImage image{kSide, kSide, {}};
  for (int row = 0; row < kSide; ++row) {
    for (int column = 0; column < kSide; ++column)
      image.pixels.push_back(static_cast<std::uint8_t>((row + column) / 2));
  }
  return image;
}

}  // namespace

absl::Status WarmUp(const Classifier& classifier) {
  constexpr int kRuns = 3;
  SetIntraOpThreads(1);
  const GrayImage image = GrayRamp();
  for (int run = 0; run < kRuns; ++run) {
    Stopwatch stopwatch;
    const absl::StatusOr<Classification> ignored = classifier.Classify(image, stopwatch);
    if (!ignored.ok()) return ignored.status();
  }
  return absl::OkStatus();
}

}  // namespace cxr
