// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "tests/support/dicom_fixture.h"

namespace cxr::test {

/// Compresses one frame of little endian words with GDCM's or, for RLE, DCMTK's encoder. Aborts when it cannot.
[[nodiscard]] std::string EncodeFrame(const DicomFixture& fixture, const std::string& frame);

}  // namespace cxr::test
