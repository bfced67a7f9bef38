// SPDX-License-Identifier: Apache-2.0
#include "trainer/data/freed_memory.h"

#include <malloc.h>

namespace cxr {

void KeepFreedMemory() {
  mallopt(M_MMAP_MAX, 0);
  mallopt(M_TRIM_THRESHOLD, -1);
}

}  // namespace cxr
