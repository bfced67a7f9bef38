// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <thread>

#include "service/rpc/analysis_handler.h"

namespace cxr {

/// Gives memory back to the system when no call has been in progress for a second. The C library keeps what was freed
/// for later use, in an arena per thread: after 200 radiographs of 16 MB at once the process had 2.5 times the memory
/// that it needs. Ends with the object; the handler must be drained by then.
class IdleTrim {
 public:
  explicit IdleTrim(AnalysisHandler& handler);
  ~IdleTrim();
  IdleTrim(const IdleTrim&) = delete;
  IdleTrim& operator=(const IdleTrim&) = delete;

 private:
  std::thread thread_;
};

}  // namespace cxr
