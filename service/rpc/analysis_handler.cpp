// SPDX-License-Identifier: Apache-2.0
#include "service/rpc/analysis_handler.h"

#include <grpcpp/server_context.h>

#include <chrono>
#include <exception>
#include <utility>

#include "absl/strings/str_cat.h"
#include "service/base/failure.h"
#include "service/rpc/convert.h"
#include "service/rpc/grpc_status.h"

namespace cxr {
namespace {

JobLimits LimitsOf(grpc::ServerContext& context) {
  JobLimits limits;
  const JobLimits::Clock::time_point deadline = context.deadline();
  if (deadline != JobLimits::Clock::time_point::max()) limits.deadline = deadline;
  limits.cancelled = [&context] { return context.IsCancelled(); };
  return limits;
}

/// The one guard of this folder: gRPC would answer UNKNOWN, without a reason, to whatever is thrown.
template <typename Function>
absl::Status Guarded(const Function& function) {
  try {
    return function();
  } catch (const std::exception& fault) {
    return Failure(FailureReason::kInternal, absl::StrCat("An unexpected fault ended the call: ", fault.what()));
  } catch (...) {
    return Failure(FailureReason::kInternal, "An unexpected fault of unknown kind ended the call.");
  }
}

grpc::Status Answer(grpc::ServerContext& context, const absl::Status& status) {
  const absl::optional<FailureReason> reason = FailureReasonOf(status);
  if (reason.has_value()) context.AddTrailingMetadata(kErrorReasonMetadata, std::string(FailureReasonName(*reason)));
  return ToGrpcStatus(status);
}

std::chrono::microseconds Since(Stopwatch::Clock::time_point began) {
  return std::chrono::duration_cast<std::chrono::microseconds>(Stopwatch::Clock::now() - began);
}

}  // namespace

AnalysisHandler::AnalysisHandler(ServiceMetrics& metrics) : metrics_(&metrics) {}

void AnalysisHandler::Open(std::shared_ptr<const Analyzer> analyzer) {
  const std::lock_guard<std::mutex> lock(mutex_);
  analyzer_ = std::move(analyzer);
}

absl::StatusOr<std::shared_ptr<const Analyzer>> AnalysisHandler::analyzer() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (analyzer_ == nullptr) return Failure(FailureReason::kNotServing, "The model is being loaded; repeat later.");
  return analyzer_;
}

absl::Status AnalysisHandler::RunAnalysis(grpc::ServerContext& context, const v1::AnalyzeRequest& request,
                                          v1::AnalyzeResponse& response, CallRecord& call, Stopwatch& stopwatch) const {
  const absl::StatusOr<std::shared_ptr<const Analyzer>> serving = analyzer();
  if (!serving.ok()) return serving.status();
  if (request.dicom().empty()) {
    return Failure(FailureReason::kInvalidRequest, "`dicom` is empty; expected the bytes of one DICOM instance.");
  }
  const absl::StatusOr<ObjectKinds> wanted = WantedOf(request, (*serving)->settings().objects);
  if (!wanted.ok()) return wanted.status();
  absl::StatusOr<AnalysisResult> result = (*serving)->Analyze(request.dicom(), *wanted, LimitsOf(context), stopwatch);
  if (!result.ok()) return result.status();
  call.sop_instance_uid = result->source.sop_instance_uid;
  call.outcome = std::string(OutcomeName(result->analysis.outcome));
  FillResponse(*std::move(result), stopwatch, response);
  call.response_bytes = response.ByteSizeLong();
  return absl::OkStatus();
}

grpc::Status AnalysisHandler::Analyze(grpc::ServerContext* context, const v1::AnalyzeRequest* request,
                                      v1::AnalyzeResponse* response) {
  const Stopwatch::Clock::time_point began = Stopwatch::Clock::now();
  Stopwatch stopwatch;
  CallRecord call;
  call.status = Guarded([&] {
    call.method = "Analyze";
    call.peer = context->peer();
    call.request_bytes = request->dicom().size();
    return RunAnalysis(*context, *request, *response, call, stopwatch);
  });
  call.duration = Since(began);
  if (!call.status.ok()) call.outcome.clear();  // a failure has no outcome, however far it came
  LogCall(call);
  metrics_->Record(call, stopwatch.stages());
  return Answer(*context, call.status);
}

grpc::Status AnalysisHandler::DescribeModel(grpc::ServerContext* context, const v1::DescribeModelRequest* /*request*/,
                                            v1::DescribeModelResponse* response) {
  const Stopwatch::Clock::time_point began = Stopwatch::Clock::now();
  CallRecord call;
  call.status = Guarded([&]() -> absl::Status {
    call.method = "DescribeModel";
    call.peer = context->peer();
    const absl::StatusOr<std::shared_ptr<const Analyzer>> serving = analyzer();
    if (!serving.ok()) return serving.status();
    FillModelDescription((*serving)->model(), (*serving)->settings().population, *response);
    call.response_bytes = response->ByteSizeLong();
    return absl::OkStatus();
  });
  call.duration = Since(began);
  LogCall(call);
  metrics_->Record(call, {});
  return Answer(*context, call.status);
}

}  // namespace cxr
