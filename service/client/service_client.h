// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "cxr/v1/analysis.pb.h"
#include "service/client/endpoint.h"

namespace cxr {

/// Why a radiograph has no result.
struct CallFailure {
  std::string reason;   ///< for machines: an ErrorReason without prefix ("TRUNCATED"), else a gRPC code ("UNAVAILABLE")
  std::string message;  ///< for people
};

using CallResult = std::variant<v1::AnalyzeResponse, CallFailure>;

/// How long a call may take.
struct CallLimits {
  std::chrono::milliseconds timeout;   ///< for all attempts together
  std::chrono::milliseconds patience;  ///< for a server that is not there, counted from the first attempt that met none
};

/// A client of AnalysisService on one channel. Messages may be large in both directions. Thread-safe.
class AnalysisClient {
 public:
  /// Opens a channel, without connecting. Failure: InvalidArgument for a bad endpoint or an authority file that cannot
  /// be read.
  [[nodiscard]] static absl::StatusOr<std::unique_ptr<AnalysisClient>> Create(const Endpoint& endpoint);
  ~AnalysisClient();

  AnalysisClient(const AnalysisClient&) = delete;
  AnalysisClient& operator=(const AnalysisClient&) = delete;

  /// Waits until the standard health service says SERVING. Failure: Unavailable, saying what was found instead;
  /// Cancelled.
  [[nodiscard]] absl::Status WaitUntilServing(std::chrono::milliseconds timeout, const std::stop_token& stop);

  /// Analyses one DICOM instance. A server that is away, draining or overloaded is asked again, with backoff and
  /// jitter, within the limits; everything else is final. A stop ends the call with the reason CANCELLED. `produce` are
  /// the objects wanted; empty: all that the server writes.
  [[nodiscard]] CallResult Analyze(std::string dicom, const CallLimits& limits, const std::stop_token& stop,
                                   const std::vector<v1::ObjectKind>& produce = {});

 private:
  struct Connection;
  explicit AnalysisClient(std::unique_ptr<Connection> connection);

  std::unique_ptr<Connection> connection_;
};

}  // namespace cxr
