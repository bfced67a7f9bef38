// SPDX-License-Identifier: Apache-2.0
#include "service/imaging/threads.h"

#include <opencv2/core/utility.hpp>

namespace cxr {

void RunImageOperationsOnCallersThread() {
  cv::setNumThreads(1);
}

}  // namespace cxr
