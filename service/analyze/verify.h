// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stop_token>
#include <string>

#include "absl/status/statusor.h"
#include "service/analyze/verification.h"
#include "service/client/service_client.h"

namespace cxr {

/// A report and what it is said to be about, from files.
struct VerifyInput {
  StoredReport report;
  std::string source;  ///< the file's bytes
};

/// Reads both files. Failure: InvalidArgument, naming the file, for what cannot be read from disk and for a REPORT that
/// is not one of ours.
[[nodiscard]] absl::StatusOr<VerifyInput> ReadVerifyInput(const std::string& report_file,
                                                          const std::string& source_file);

/// Repeats the analysis of the source through the service and compares. A source that is another instance is not sent:
/// the comparison then ends with that. Failure: what keeps the analysis from being repeated (an unreadable source, a
/// service that refuses or is away), in one sentence.
[[nodiscard]] absl::StatusOr<Verification> Verify(const VerifyInput& input, const CallLimits& limits,
                                                  ServiceClient& client, const std::stop_token& stop);

}  // namespace cxr
