// SPDX-License-Identifier: Apache-2.0
// A frame: JPEG 2000, lossless or not, as its first byte says.
#include "tests/fuzz/codec.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const bool lossless = (data[0] & 1) != 0;
  cxr::fuzz::DecodeOne(data + 1, size - 1, lossless ? "1.2.840.10008.1.2.4.90" : "1.2.840.10008.1.2.4.91");
  return 0;
}
