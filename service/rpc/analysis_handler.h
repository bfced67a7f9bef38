// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <grpcpp/generic/async_generic_service.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>

#include "cxr/v1/analysis.grpc.pb.h"
#include "service/rpc/metrics.h"
#include "service/serving/analyzer.h"
#include "service/serving/call_gate.h"
#include "service/serving/request_memory.h"

namespace cxr {

/// What requests may take.
struct RequestLimits {
  int max_message_mib = 64;  ///< of a DICOM instance
  int held_mib = 512;        ///< of all requests at once, being received or received; one message at least
  int max_calls = 64;        ///< calls of Analyze in progress at once
  std::chrono::milliseconds receive_time{60'000};            ///< that a request may take to arrive
  std::chrono::milliseconds contended_receive_time{10'000};  ///< the same, when others wait for its memory

  [[nodiscard]] std::int64_t message_bytes() const { return std::int64_t{max_message_mib} << 20U; }
  [[nodiscard]] std::int64_t held_bytes() const { return std::int64_t{held_mib} << 20U; }
};

/// The methods of cxr.v1.AnalysisService: DescribeModel as generated, Analyze as calls that begin with their headers
/// (AnalysisCall), for which gRPC has the generic service. Logs and counts. No exception leaves a method. Thread-safe.
class AnalysisHandler final : public v1::AnalysisService::WithGenericMethod_Analyze<
                                  v1::AnalysisService::WithCallbackMethod_DescribeModel<v1::AnalysisService::Service>>,
                              public grpc::CallbackGenericService {
 public:
  /// `metrics` is not owned and must outlive the handler.
  explicit AnalysisHandler(ServiceMetrics& metrics, const RequestLimits& limits = {});
  AnalysisHandler(const AnalysisHandler&) = delete;
  AnalysisHandler& operator=(const AnalysisHandler&) = delete;
  ~AnalysisHandler() override;

  /// Answers with `analyzer` from now on. Before, every call is refused with kNotServing.
  void Open(std::shared_ptr<const Analyzer> analyzer);

  /// Refuses new analyses with kNotServing and waits for those in progress, those still being received among them.
  /// DEADLINE_EXCEEDED when some are left at `deadline`.
  [[nodiscard]] absl::Status Drain(std::chrono::system_clock::time_point deadline);

  /// CallGate::AwaitRest.
  [[nodiscard]] bool AwaitRest(std::chrono::milliseconds quiet) { return gate_.AwaitRest(quiet); }

  [[nodiscard]] const RequestLimits& limits() const { return limits_; }
  [[nodiscard]] ServingState state() const { return gate_.state(); }
  [[nodiscard]] int calls() const { return gate_.calls(); }  ///< of Analyze, in progress

  grpc::ServerGenericBidiReactor* CreateReactor(grpc::GenericCallbackServerContext* context) override;
  grpc::ServerUnaryReactor* DescribeModel(grpc::CallbackServerContext* context, const v1::DescribeModelRequest* request,
                                          v1::DescribeModelResponse* response) override;

 private:
  [[nodiscard]] std::shared_ptr<const Analyzer> analyzer() const;
  [[nodiscard]] absl::Status Describe(v1::DescribeModelResponse& response) const;

  const RequestLimits limits_;
  ServiceMetrics* metrics_;
  CallGate gate_;
  RequestMemory memory_;
  mutable std::mutex mutex_;
  std::shared_ptr<const Analyzer> analyzer_;  ///< guarded by mutex_
};

}  // namespace cxr
