// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace cxr {

/// Makes this process's image operations run on the thread that calls them. Without it OpenCV takes a thread per core
/// for each caller, and those of several workers multiply. Call it once, before the first image.
void RunImageOperationsOnCallersThread();

}  // namespace cxr
