// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/status.h"

namespace cxr {

/// What is worth knowing of a call that has ended. Identifiers and sizes only: never patient data, never bodies.
struct CallRecord {
  std::string method;                ///< "Analyze"
  std::string peer;                  ///< the client's address, as gRPC names it
  std::string sop_instance_uid;      ///< of the source; empty when it was not read
  std::string outcome;               ///< empty when the call failed
  std::vector<std::string> reasons;  ///< codes of the outcome
  absl::Status status;
  std::size_t request_bytes = 0;
  std::size_t response_bytes = 0;
  std::chrono::microseconds duration{};
};

/// Writes one line per call to the process's log: info, warning for a refusal, error with its message for a fault of
/// ours.
void LogCall(const CallRecord& call);

}  // namespace cxr
