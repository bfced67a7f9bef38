// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <stop_token>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "cxr/v1/analysis.pb.h"
#include "service/client/call_error.h"
#include "service/client/endpoint.h"

namespace cxr {

/// How long a call with repeats may take.
struct CallLimits {
  absl::Duration timeout = absl::Seconds(120);  ///< for all attempts together
  /// For a server that is not there, counted from the first attempt that met none.
  absl::Duration patience = absl::Seconds(30);
};

/// A client of AnalysisService on one channel. Thread-safe. Every call blocks; a stop that is requested ends it, and
/// calls after it, with kCancelled. Errors carry the service's reason where it gave one (call_error.h). A call that the
/// server broke off is kAborted: nobody here cancelled it.
class ServiceClient {
 public:
  /// Opens a channel, without connecting. Failure: kInvalidArgument where Validate(endpoint) fails.
  [[nodiscard]] static absl::StatusOr<std::unique_ptr<ServiceClient>> Create(const Endpoint& endpoint,
                                                                             const ChannelOptions& options = {});
  ~ServiceClient();

  ServiceClient(const ServiceClient&) = delete;
  ServiceClient& operator=(const ServiceClient&) = delete;

  /// Waits until the standard health service says SERVING. Failure: kUnavailable, saying what was found instead.
  [[nodiscard]] absl::Status WaitUntilServing(absl::Duration timeout, const std::stop_token& stop = {});

  /// Analyses one DICOM instance. A server that is away, draining or overloaded is asked again, with backoff and
  /// jitter, within the limits; everything else is final.
  [[nodiscard]] absl::StatusOr<v1::AnalyzeResponse> Analyze(const v1::AnalyzeRequest& request, const CallLimits& limits,
                                                            const std::stop_token& stop = {});

  /// Analyses one DICOM instance with one attempt, for callers that repeat in their own way.
  [[nodiscard]] absl::StatusOr<v1::AnalyzeResponse> AnalyzeOnce(const v1::AnalyzeRequest& request,
                                                                absl::Duration timeout,
                                                                const std::stop_token& stop = {});

  /// The loaded model, with one attempt.
  [[nodiscard]] absl::StatusOr<v1::DescribeModelResponse> DescribeModel(absl::Duration timeout,
                                                                        const std::stop_token& stop = {});

 private:
  struct Connection;
  explicit ServiceClient(std::unique_ptr<Connection> connection);

  std::unique_ptr<Connection> connection_;
};

}  // namespace cxr
