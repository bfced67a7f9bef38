// SPDX-License-Identifier: Apache-2.0
#include "service/rpc/analysis_handler.h"

#include <utility>

#include "service/base/failure.h"
#include "service/rpc/analysis_call.h"
#include "service/rpc/convert.h"
#include "service/rpc/grpc_status.h"
#include "service/rpc/guard.h"

namespace cxr {
namespace {

constexpr char kAnalyze[] = "/cxr.v1.AnalysisService/Analyze";

}  // namespace

AnalysisHandler::AnalysisHandler(ServiceMetrics& metrics, const RequestLimits& limits)
    : limits_(limits), metrics_(&metrics), gate_(limits.max_calls), memory_(limits.held_bytes()) {
  metrics_->WatchRequests([this] { return RequestLoad{gate_.calls(), memory_.used(), limits_.held_bytes()}; });
}

AnalysisHandler::~AnalysisHandler() {
  metrics_->WatchRequests(nullptr);
}

void AnalysisHandler::Open(std::shared_ptr<const Analyzer> analyzer) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    analyzer_ = std::move(analyzer);
  }
  gate_.Open();
}

absl::Status AnalysisHandler::Drain(std::chrono::system_clock::time_point deadline) {
  return gate_.Drain(deadline);
}

std::shared_ptr<const Analyzer> AnalysisHandler::analyzer() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return analyzer_;
}

grpc::ServerGenericBidiReactor* AnalysisHandler::CreateReactor(grpc::GenericCallbackServerContext* context) {
  if (context->method() != kAnalyze) return CallbackGenericService::CreateReactor(context);  // UNIMPLEMENTED
  const CallTools tools{
      metrics_, &gate_, &memory_, limits_.message_bytes(), limits_.receive_time, limits_.contended_receive_time};
  return AnalysisCall::Begin(tools, analyzer(), *context);
}

absl::Status AnalysisHandler::Describe(v1::DescribeModelResponse& response) const {
  const std::shared_ptr<const Analyzer> serving = analyzer();
  if (serving == nullptr) return Failure(FailureReason::kNotServing, "The model is being loaded; repeat later.");
  FillModelDescription(serving->model(), serving->settings().population, response);
  return absl::OkStatus();
}

grpc::ServerUnaryReactor* AnalysisHandler::DescribeModel(grpc::CallbackServerContext* context,
                                                         const v1::DescribeModelRequest* /*request*/,
                                                         v1::DescribeModelResponse* response) {
  const Stopwatch::Clock::time_point began = Stopwatch::Clock::now();
  CallRecord call;
  call.method = "DescribeModel";
  call.peer = context->peer();
  call.status = Guarded([&] { return Describe(*response); });
  if (call.status.ok()) call.response_bytes = response->ByteSizeLong();
  call.duration = std::chrono::duration_cast<std::chrono::microseconds>(Stopwatch::Clock::now() - began);
  LogCall(call);
  metrics_->Record(call, {});
  AddReason(*context, call.status);
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  reactor->Finish(ToGrpcStatus(call.status));
  return reactor;
}

}  // namespace cxr
