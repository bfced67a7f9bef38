// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "tests/support/dicom_fixture.h"

namespace cxr::test {

/// The stored values of a file's only frame, as the service's reader finds and decompresses them.
[[nodiscard]] absl::StatusOr<std::vector<std::int32_t>> StoredValues(const std::string& file);

/// How the pixels of a source are stored.
struct PixelFormat {
  const char* name;
  int allocated;
  int stored;
  int high_bit;
  bool is_signed = false;
  std::uint32_t junk = 0;  ///< set in every word where bits outside the stored ones allow it, as overlays once were
};

/// A radiograph of odd sides and an odd number of pixels in that format: a gradient that spans the whole range, a
/// square, and noise that a codec cannot predict, up to the given share of the range.
[[nodiscard]] DicomFixture NoisyRadiograph(const PixelFormat& format, double noise);

}  // namespace cxr::test
