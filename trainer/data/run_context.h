// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "trainer/data/picture_reader.h"
#include "trainer/data/stop_signal.h"

namespace cxr {

/// What every stage of a run works with. Not owned; must outlive the run.
struct RunContext {
  const PictureReader& pictures;
  const StopSignal& stop;
  int threads = 1;  ///< that run a network at once
};

}  // namespace cxr
