// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <grpcpp/alarm.h>
#include <grpcpp/generic/async_generic_service.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>

#include "cxr/v1/analysis.pb.h"
#include "service/rpc/access_log.h"
#include "service/rpc/metrics.h"
#include "service/serving/analyzer.h"
#include "service/serving/call_gate.h"
#include "service/serving/request_memory.h"

namespace cxr {

/// What a call of Analyze works with. None of it is owned; all of it must outlive the call.
struct CallTools {
  ServiceMetrics* metrics;
  CallGate* gate;
  RequestMemory* memory;
  std::int64_t max_request_bytes;
  std::chrono::milliseconds receive_time;
  std::chrono::milliseconds contended_receive_time;
};

/// One call of cxr.v1.AnalysisService/Analyze, from its headers to its answer: it waits for memory, receives the
/// request within the time for it, is analysed on the pool, answers, and is logged and counted. gRPC's own unary calls
/// begin when their request has been received: neither its bytes nor its time could be bounded, nor could an end of the
/// service wait for it. Owns itself until gRPC's OnDone. No exception leaves a method.
class AnalysisCall final : public grpc::ServerGenericBidiReactor, public std::enable_shared_from_this<AnalysisCall> {
 public:
  /// Begins the call; `context` is gRPC's and lives until OnDone. `analyzer` is null while there is no model.
  static grpc::ServerGenericBidiReactor* Begin(const CallTools& tools, std::shared_ptr<const Analyzer> analyzer,
                                               grpc::CallbackServerContext& context);

  void OnReadDone(bool received) override;
  void OnCancel() override;
  void OnDone() override;

 private:
  AnalysisCall(const CallTools& tools, std::shared_ptr<const Analyzer> analyzer, grpc::CallbackServerContext& context);

  void Start();
  void AwaitMemory();
  void Receive(RequestMemory::Share share);
  void AwaitRequest();
  void EndIfTooSlow();
  void EndUnreceived(const absl::Status& status);
  [[nodiscard]] absl::Status ParseRequest();
  void Analyze();
  [[nodiscard]] JobLimits Limits();
  void Answer(absl::StatusOr<AnalysisResult> result);
  void Refuse(const absl::Status& status);
  void Record(const absl::Status& status);

  const CallTools tools_;
  const std::shared_ptr<const Analyzer> analyzer_;
  grpc::CallbackServerContext* const context_;
  const Stopwatch::Clock::time_point began_ = Stopwatch::Clock::now();
  std::shared_ptr<AnalysisCall> self_;  ///< until OnDone
  std::optional<CallGate::Pass> pass_;
  grpc::ByteBuffer received_;
  grpc::ByteBuffer answer_;
  v1::AnalyzeRequest request_;
  Stopwatch stopwatch_;
  CallRecord record_;
  std::atomic<bool> gone_{false};  ///< the caller left, or its deadline passed

  /// Its end may be asked for by the request, by the caller, and by the alarms: whoever changes the phase goes on.
  enum class Phase { kAwaitingMemory, kReceiving, kReceived };
  std::mutex mutex_;
  Phase phase_ = Phase::kAwaitingMemory;         ///< guarded by mutex_, as all below
  std::optional<RequestMemory::Ticket> ticket_;  ///< of its wait for memory
  RequestMemory::Share share_;
  std::optional<grpc::Alarm> receive_alarm_;  ///< a new one each time: its function may not be replaced while it runs
  Stopwatch::Clock::time_point receiving_since_;
};

}  // namespace cxr
