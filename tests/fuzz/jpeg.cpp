// SPDX-License-Identifier: Apache-2.0
// A frame: JPEG Baseline, Extended or Lossless, as its first byte says.
#include "tests/fuzz/codec.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const char* syntaxes[] = {"1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.51", "1.2.840.10008.1.2.4.70"};
  cxr::fuzz::DecodeOne(data + 1, size - 1, syntaxes[data[0] % 3]);
  return 0;
}
