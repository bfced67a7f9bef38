// SPDX-License-Identifier: Apache-2.0
// A frame: JPEG-LS Lossless.
#include "tests/fuzz/codec.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  cxr::fuzz::DecodeOne(data, size, "1.2.840.10008.1.2.4.80");
  return 0;
}
