// SPDX-License-Identifier: Apache-2.0
#include "service/client/service_client.h"

#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <condition_variable>
#include <fstream>
#include <iterator>
#include <mutex>
#include <random>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "cxr/v1/analysis.grpc.pb.h"
#include "grpc/health/v1/health.grpc.pb.h"
#include "service/base/backoff.h"
#include "proto/status_details.h"

namespace cxr {
namespace {

using Clock = std::chrono::system_clock;  // gRPC's deadlines
using HealthResponse = grpc::health::v1::HealthCheckResponse;

constexpr int kMaxAnswerBytes =
    256 << 20;  // a capture is 3 MiB by default; a bound, because the server may be anything

const Backoff kBackoff{absl::Milliseconds(100), absl::Seconds(2)};

/// Ends a call in progress as soon as a stop is requested.
class StopsCall {
 public:
  StopsCall(const std::stop_token& stop, grpc::ClientContext& context) : callback_(stop, TryCancel{&context}) {}

 private:
  struct TryCancel {
    grpc::ClientContext* context;
    void operator()() const { context->TryCancel(); }
  };
  std::stop_callback<TryCancel> callback_;
};

/// False when a stop was requested meanwhile.
bool Pause(std::chrono::milliseconds pause, const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any wake;
  std::unique_lock<std::mutex> lock(mutex);
  wake.wait_for(lock, stop, pause, [] { return false; });
  return !stop.stop_requested();
}

absl::string_view CodeName(grpc::StatusCode code) {
  switch (code) {
    case grpc::StatusCode::CANCELLED:
      return "CANCELLED";
    case grpc::StatusCode::INVALID_ARGUMENT:
      return "INVALID_ARGUMENT";
    case grpc::StatusCode::DEADLINE_EXCEEDED:
      return "DEADLINE_EXCEEDED";
    case grpc::StatusCode::RESOURCE_EXHAUSTED:
      return "RESOURCE_EXHAUSTED";
    case grpc::StatusCode::UNIMPLEMENTED:
      return "UNIMPLEMENTED";
    case grpc::StatusCode::INTERNAL:
      return "INTERNAL";
    case grpc::StatusCode::UNAVAILABLE:
      return "UNAVAILABLE";
    case grpc::StatusCode::UNAUTHENTICATED:
      return "UNAUTHENTICATED";
    case grpc::StatusCode::PERMISSION_DENIED:
      return "PERMISSION_DENIED";
    default:
      return "UNKNOWN";
  }
}

CallFailure ToFailure(const grpc::Status& status) {
  const absl::optional<v1::ErrorDetail> detail = FindErrorDetail(status.error_details());
  if (!detail.has_value()) return {std::string(CodeName(status.error_code())), status.error_message()};
  const std::string name = v1::ErrorReason_Name(detail->reason());  // empty for a reason newer than this client
  if (name.empty()) return {std::string(CodeName(status.error_code())), detail->message()};
  return {std::string(absl::StripPrefix(name, "ERROR_REASON_")), detail->message()};
}

/// gRPC uses one code for "busy, come back" and for "this message is too large", which no repeat will make smaller.
bool IsOverload(const grpc::Status& status) {
  return status.error_code() == grpc::StatusCode::RESOURCE_EXHAUSTED &&
         !absl::StrContains(status.error_message(), "larger than max");
}

bool IsAway(const grpc::Status& status) {
  return status.error_code() == grpc::StatusCode::UNAVAILABLE;
}

/// A server that stops in the instant a call arrives breaks it off with CANCELLED. Nobody here cancelled: it went away.
grpc::Status AsSeenByTheCaller(const grpc::Status& status) {
  if (status.error_code() != grpc::StatusCode::CANCELLED) return status;
  return {grpc::StatusCode::UNAVAILABLE, "The server broke the call off.", status.error_details()};
}

absl::StatusOr<std::shared_ptr<grpc::ChannelCredentials>> CredentialsFor(const Endpoint& endpoint) {
  if (endpoint.tls_ca_file.empty()) return grpc::InsecureChannelCredentials();
  std::ifstream file(endpoint.tls_ca_file, std::ios::binary);
  grpc::SslCredentialsOptions options;
  options.pem_root_certs.assign(std::istreambuf_iterator<char>(file), {});
  if (!absl::StrContains(options.pem_root_certs, "-----BEGIN CERTIFICATE-----")) {
    return absl::InvalidArgumentError(absl::StrCat("--tls-ca ", endpoint.tls_ca_file, " is not a readable PEM file."));
  }
  return grpc::SslCredentials(options);
}

grpc::ChannelArguments ArgumentsFor(const Endpoint& endpoint) {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(kMaxAnswerBytes);
  arguments.SetMaxSendMessageSize(-1);           // the server's limit decides, and its refusal says so
  arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);  // repeats are ours
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 1000);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 2000);
  if (IsLoopback(endpoint.address)) arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  return arguments;
}

}  // namespace

struct AnalysisClient::Connection {
  std::string address;
  std::unique_ptr<v1::AnalysisService::Stub> analysis;
  std::unique_ptr<grpc::health::v1::Health::Stub> health;

  /// Follows the health of the server until it is SERVING (OK) or the call ends; `found` says what was seen last.
  grpc::Status Watch(Clock::time_point deadline, const std::stop_token& stop, std::string& found) const;
};

grpc::Status AnalysisClient::Connection::Watch(Clock::time_point deadline, const std::stop_token& stop,
                                               std::string& found) const {
  grpc::ClientContext context;
  context.set_deadline(deadline);
  const StopsCall stops(stop, context);
  const auto stream = health->Watch(&context, grpc::health::v1::HealthCheckRequest());
  HealthResponse response;
  while (stream->Read(&response)) {
    if (response.status() == HealthResponse::SERVING) {
      context.TryCancel();
      (void)stream->Finish();  // CANCELLED, by ourselves
      return grpc::Status::OK;
    }
    found = absl::StrCat("the server answers, but says it is not serving (",
                         HealthResponse::ServingStatus_Name(response.status()), ")");
  }
  grpc::Status status = stream->Finish();
  if (status.ok()) status = {grpc::StatusCode::UNAVAILABLE, "the health watch ended"};
  if (IsAway(status)) found = status.error_message();
  return status;
}

absl::StatusOr<std::unique_ptr<AnalysisClient>> AnalysisClient::Create(const Endpoint& endpoint) {
  absl::Status valid = Validate(endpoint);
  if (!valid.ok()) return valid;
  auto credentials = CredentialsFor(endpoint);
  if (!credentials.ok()) return credentials.status();
  const auto channel = grpc::CreateCustomChannel(endpoint.address, *credentials, ArgumentsFor(endpoint));
  auto connection = std::make_unique<Connection>();
  connection->address = endpoint.address;
  connection->analysis = v1::AnalysisService::NewStub(channel);
  connection->health = grpc::health::v1::Health::NewStub(channel);
  return std::unique_ptr<AnalysisClient>(new AnalysisClient(std::move(connection)));  // the constructor is private
}

AnalysisClient::AnalysisClient(std::unique_ptr<Connection> connection) : connection_(std::move(connection)) {}

AnalysisClient::~AnalysisClient() = default;

absl::Status AnalysisClient::WaitUntilServing(std::chrono::milliseconds timeout, const std::stop_token& stop) {
  const Clock::time_point deadline = Clock::now() + timeout;
  BackoffSeries backoff(kBackoff, std::random_device{}());
  std::string found = "nothing answers";
  while (true) {
    const grpc::Status status = connection_->Watch(deadline, stop, found);
    if (status.ok()) return absl::OkStatus();
    if (stop.stop_requested()) return absl::CancelledError("Interrupted while waiting for the server.");
    if (!IsAway(status) && status.error_code() != grpc::StatusCode::DEADLINE_EXCEEDED) {
      return absl::UnavailableError(absl::StrCat(connection_->address, " does not answer as cxr-service does: ",
                                                 CodeName(status.error_code()), ": ", status.error_message()));
    }
    const auto pause = std::min<Clock::duration>(absl::ToChronoMilliseconds(backoff.Next()), deadline - Clock::now());
    if (pause <= Clock::duration::zero()) break;
    if (!Pause(std::chrono::ceil<std::chrono::milliseconds>(pause), stop)) {
      return absl::CancelledError("Interrupted while waiting for the server.");
    }
  }
  return absl::UnavailableError(absl::StrCat(connection_->address, " was not serving within ",
                                             absl::AlphaNum(static_cast<double>(timeout.count()) / 1000), " s: ", found,
                                             "."));
}

CallResult AnalysisClient::Analyze(std::string dicom, const CallLimits& limits, const std::stop_token& stop,
                                   const std::vector<v1::ObjectKind>& produce) {
  v1::AnalyzeRequest request;
  request.set_dicom(std::move(dicom));
  request.mutable_produce()->Add(produce.begin(), produce.end());
  const Clock::time_point deadline = Clock::now() + limits.timeout;
  absl::optional<Clock::time_point> away_until;
  BackoffSeries backoff(kBackoff, std::random_device{}());
  while (true) {
    grpc::ClientContext context;
    context.set_deadline(deadline);
    const StopsCall stops(stop, context);
    v1::AnalyzeResponse response;
    const grpc::Status status = AsSeenByTheCaller(connection_->analysis->Analyze(&context, request, &response));
    if (status.ok()) return response;
    if (stop.stop_requested()) return CallFailure{"CANCELLED", "Interrupted before the result came."};
    if (!IsAway(status) && !IsOverload(status)) return ToFailure(status);
    if (!IsAway(status)) {
      away_until.reset();  // it is there, and busy
    } else if (!away_until.has_value()) {
      away_until = Clock::now() + limits.patience;
    }
    const Clock::time_point next = Clock::now() + absl::ToChronoMilliseconds(backoff.Next());
    if (next >= std::min(deadline, away_until.value_or(deadline))) return ToFailure(status);
    if (!Pause(std::chrono::ceil<std::chrono::milliseconds>(next - Clock::now()), stop)) {
      return CallFailure{"CANCELLED", "Interrupted before the result came."};
    }
  }
}

}  // namespace cxr
