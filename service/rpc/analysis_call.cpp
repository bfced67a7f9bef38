// SPDX-License-Identifier: Apache-2.0
#include "service/rpc/analysis_call.h"

#include <grpcpp/impl/codegen/proto_utils.h>

#include <algorithm>
#include <utility>

#include "service/base/failure.h"
#include "service/rpc/convert.h"
#include "service/rpc/grpc_status.h"
#include "service/rpc/guard.h"

namespace cxr {
namespace {

std::chrono::microseconds Since(Stopwatch::Clock::time_point began) {
  return std::chrono::duration_cast<std::chrono::microseconds>(Stopwatch::Clock::now() - began);
}

}  // namespace

grpc::ServerGenericBidiReactor* AnalysisCall::Begin(const CallTools& tools, std::shared_ptr<const Analyzer> analyzer,
                                                    grpc::CallbackServerContext& context) {
  const std::shared_ptr<AnalysisCall> call(new AnalysisCall(tools, std::move(analyzer), context));
  call->self_ = call;
  call->Start();
  return call.get();
}

AnalysisCall::AnalysisCall(const CallTools& tools, std::shared_ptr<const Analyzer> analyzer,
                           grpc::CallbackServerContext& context)
    : tools_(tools), analyzer_(std::move(analyzer)), context_(&context) {}

void AnalysisCall::Start() {
  record_.method = "Analyze";
  record_.peer = context_->peer();
  absl::StatusOr<CallGate::Pass> pass = tools_.gate->Enter();
  if (!pass.ok()) return EndUnreceived(pass.status());
  pass_.emplace(*std::move(pass));
  AwaitMemory();
}

void AnalysisCall::AwaitMemory() {
  const std::weak_ptr<AnalysisCall> weak = weak_from_this();
  const RequestMemory::Ticket ticket = tools_.memory->Ask(tools_.max_request_bytes, [weak](RequestMemory::Share share) {
    if (const std::shared_ptr<AnalysisCall> call = weak.lock()) call->Receive(std::move(share));
  });
  const std::lock_guard<std::mutex> lock(mutex_);
  ticket_ = ticket;
}

void AnalysisCall::Receive(RequestMemory::Share share) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (phase_ != Phase::kAwaitingMemory) return;
    phase_ = Phase::kReceiving;
    share_ = std::move(share);
    receiving_since_ = Stopwatch::Clock::now();
    AwaitRequest();
  }
  StartRead(&received_);
}

/// Looks again after the time that a request has when others wait for its memory.
void AnalysisCall::AwaitRequest() {
  const std::weak_ptr<AnalysisCall> weak = weak_from_this();
  const auto next = std::min(tools_.receive_time, tools_.contended_receive_time);
  receive_alarm_.emplace().Set(std::chrono::system_clock::now() + next, [weak](bool expired) {
    const std::shared_ptr<AnalysisCall> call = weak.lock();
    if (expired && call != nullptr) call->EndIfTooSlow();
  });
}

void AnalysisCall::EndIfTooSlow() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (phase_ != Phase::kReceiving) return;
    const bool in_time = Stopwatch::Clock::now() < receiving_since_ + tools_.receive_time;
    if (in_time && tools_.memory->waiting() == 0) return AwaitRequest();
  }
  EndUnreceived(Failure(FailureReason::kDeadline,
                        absl::StrCat("The request was not received within ", tools_.receive_time.count() / 1000,
                                     " s, or ", tools_.contended_receive_time.count() / 1000,
                                     " s while others waited; expected a sender that goes on sending.")));
}

/// Ends the call, unless its request was received, or somebody has ended it already.
void AnalysisCall::EndUnreceived(const absl::Status& status) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (phase_ == Phase::kReceived) return;
    phase_ = Phase::kReceived;
    if (ticket_.has_value()) tools_.memory->Withdraw(*ticket_);
  }
  Refuse(status);
}

void AnalysisCall::OnReadDone(bool received) {
  if (!received) {
    return EndUnreceived(Failure(FailureReason::kInvalidRequest,
                                 "The request ended before a message was received; expected one AnalyzeRequest."));
  }
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (phase_ == Phase::kReceived) return;
    phase_ = Phase::kReceived;
    receive_alarm_->Cancel();
  }
  const absl::Status begun = Guarded([this] {
    absl::Status parsed = ParseRequest();
    if (parsed.ok()) Analyze();
    return parsed;
  });
  if (!begun.ok()) Refuse(begun);
}

absl::Status AnalysisCall::ParseRequest() {
  const auto bytes = static_cast<std::int64_t>(received_.Length());
  const grpc::Status parsed = grpc::SerializationTraits<v1::AnalyzeRequest>::Deserialize(&received_, &request_);
  share_.ShrinkTo(bytes);
  if (!parsed.ok()) {
    return Failure(FailureReason::kInvalidRequest, "The message is malformed; expected one AnalyzeRequest.");
  }
  record_.request_bytes = request_.dicom().size();
  if (request_.dicom().empty()) {
    return Failure(FailureReason::kInvalidRequest, "`dicom` is empty; expected the bytes of one DICOM instance.");
  }
  return absl::OkStatus();
}

void AnalysisCall::Analyze() {
  const absl::StatusOr<ObjectKinds> wanted = WantedOf(request_, analyzer_->settings().objects);
  if (!wanted.ok()) return Refuse(wanted.status());
  analyzer_->Analyze(request_.dicom(), *wanted, Limits(), stopwatch_,
                     [this](absl::StatusOr<AnalysisResult> result) { Answer(std::move(result)); });
}

JobLimits AnalysisCall::Limits() {
  JobLimits limits;
  const JobLimits::Clock::time_point deadline = context_->deadline();
  if (deadline != JobLimits::Clock::time_point::max()) limits.deadline = deadline;
  limits.cancelled = [this] { return gone_.load(); };
  return limits;
}

void AnalysisCall::Answer(absl::StatusOr<AnalysisResult> result) {
  if (!result.ok()) return Refuse(result.status());
  const absl::Status written = Guarded([&] {
    record_.sop_instance_uid = result->source.sop_instance_uid;
    record_.outcome = std::string(OutcomeName(result->analysis.outcome));
    for (const Reason& reason : result->analysis.reasons) record_.reasons.emplace_back(ReasonCodeName(reason.code));
    v1::AnalyzeResponse response;
    FillResponse(*std::move(result), stopwatch_, response);
    record_.response_bytes = response.ByteSizeLong();
    bool own = false;
    const grpc::Status serialized = grpc::SerializationTraits<v1::AnalyzeResponse>::Serialize(response, &answer_, &own);
    return serialized.ok() ? absl::OkStatus() : Failure(FailureReason::kInternal, serialized.error_message());
  });
  if (!written.ok()) return Refuse(written);
  Record(absl::OkStatus());
  StartWriteAndFinish(&answer_, {}, grpc::Status::OK);
}

void AnalysisCall::Refuse(const absl::Status& status) {
  record_.outcome.clear();  // a failure has no outcome, however far it came
  record_.reasons.clear();
  AddReason(*context_, status);
  Record(status);
  Finish(ToGrpcStatus(status));
}

void AnalysisCall::Record(const absl::Status& status) {
  record_.status = status;
  record_.duration = Since(began_);
  LogCall(record_);
  tools_.metrics->Record(record_, stopwatch_.stages());
}

void AnalysisCall::OnCancel() {
  gone_ = true;
  const bool late = context_->deadline() <= JobLimits::Clock::now();
  EndUnreceived(late ? Failure(FailureReason::kDeadline, "The deadline passed before the request was received.")
                     : absl::CancelledError("The caller left before the request was received."));
  if (analyzer_ != nullptr) analyzer_->DropDeadJobs();
}

void AnalysisCall::OnDone() {
  share_ = RequestMemory::Share();
  pass_.reset();  // nothing of `tools_` is used from here on, though an alarm may hold this object a little longer
  self_.reset();
}

}  // namespace cxr
