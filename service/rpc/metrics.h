// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "service/base/host_port.h"
#include "service/core/analysis.h"
#include "service/rpc/access_log.h"
#include "service/serving/analysis_pool.h"

namespace cxr {

/// What requests take at a moment.
struct RequestLoad {
  int calls = 0;                 ///< of Analyze, in progress
  std::int64_t held_bytes = 0;   ///< of their requests
  std::int64_t limit_bytes = 0;  ///< that held_bytes stays below
};

/// The counters of the service, in Prometheus' form. Thread-safe.
///   cxr_requests_total{method,code}        calls that have ended, by gRPC code
///   cxr_outcomes_total{outcome}            analyses, by outcome
///   cxr_reasons_total{outcome,reason}      reasons of analyses, by outcome and code; an analysis may have several
///   cxr_request_seconds{method}            how long calls took
///   cxr_stage_seconds{stage}               how long each stage took
/// and, at the time of the scrape:
///   cxr_jobs{state="queued"|"running"}             the pool's load
///   cxr_calls                                      analyses being received, waiting, running or being answered
///   cxr_request_memory_bytes{of="held"|"limit"}    memory of their requests
///   process_resident_memory_bytes                  memory of the process
class ServiceMetrics {
 public:
  ServiceMetrics();
  ~ServiceMetrics();

  /// Counts a call and, when it has one, its outcome with the reasons.
  void Record(const CallRecord& call, const std::vector<StageTime>& stages);

  /// Where the load comes from; until then there is none. `load` must stay callable until an empty one replaces it.
  void WatchLoad(std::function<AnalysisPool::Load()> load);

  /// The same for what requests take.
  void WatchRequests(std::function<RequestLoad()> load);

  /// Serves GET /metrics over HTTP until destruction, and returns the address with the port in use. Fails when the
  /// address cannot be taken.
  [[nodiscard]] absl::StatusOr<HostPort> Serve(const HostPort& address);

  /// What a scrape would get.
  [[nodiscard]] std::string Text() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace cxr
