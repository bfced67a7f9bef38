// SPDX-License-Identifier: Apache-2.0
#include "service/client/service_client.h"

#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <random>
#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "cxr/v1/analysis.grpc.pb.h"
#include "grpc/health/v1/health.grpc.pb.h"
#include "service/base/backoff.h"
#include "service/client/channel.h"

namespace cxr {
namespace {

using HealthResponse = grpc::health::v1::HealthCheckResponse;

constexpr Backoff kBackoff{absl::Milliseconds(100), absl::Seconds(2)};

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
bool Pause(absl::Duration pause, const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any wake;
  std::unique_lock<std::mutex> lock(mutex);
  wake.wait_for(lock, stop, absl::ToChronoNanoseconds(pause), [] { return false; });
  return !stop.stop_requested();
}

absl::Status Interrupted() {
  return absl::CancelledError("Interrupted before the result came.");
}

// What gRPC says of a connection that stood and broke, and never of one that could not be made.
bool NamesABrokenConnection(absl::string_view message) {
  return absl::StrContains(message, "Socket closed") || absl::StrContains(message, "Broken pipe") ||
         absl::StrContains(message, "Connection reset by peer");
}

// A call that never left has no peer but the name of its target, and a proxy that answers in place of the service says
// so with an HTTP status. A call whose connection breaks while its message is being sent may have no peer either.
bool BrokeInFlight(const grpc::Status& status, const grpc::ClientContext& context) {
  const std::string peer = context.peer();
  const bool was_connected = absl::StartsWith(peer, "ipv4:") || absl::StartsWith(peer, "ipv6:") ||
                             NamesABrokenConnection(status.error_message());
  return status.error_code() == grpc::StatusCode::UNAVAILABLE && status.error_details().empty() && was_connected &&
         !absl::StrContains(status.error_message(), "http2 header with status");
}

/// One call of `method`, which takes a context and returns gRPC's status.
template <typename Method>
absl::Status CallOnce(absl::Time deadline, const std::stop_token& stop, const Method& method) {
  grpc::ClientContext context;
  context.set_deadline(absl::ToChronoTime(deadline));
  const StopsCall stops(stop, context);
  const grpc::Status status = method(context);
  if (!status.ok() && stop.stop_requested()) return Interrupted();
  // A server that stops in the instant a call arrives breaks it off with CANCELLED.
  if (status.error_code() == grpc::StatusCode::CANCELLED) return absl::AbortedError("The server broke the call off.");
  if (BrokeInFlight(status, context)) return ConnectionLost(status.error_message());
  return FromGrpc(status);
}

bool IsAway(const absl::Status& error) {
  return absl::IsUnavailable(error) || absl::IsAborted(error);
}

bool IsOverload(const absl::Status& error) {
  return absl::IsResourceExhausted(error) && !IsMessageTooLarge(error);
}

/// A call that was broken off again and again is a server that is not there.
absl::Status Final(absl::Status error) {
  return absl::IsAborted(error) ? absl::UnavailableError(error.message()) : error;
}

}  // namespace

struct ServiceClient::Connection {
  std::string address;
  std::unique_ptr<v1::AnalysisService::Stub> analysis;
  std::unique_ptr<grpc::health::v1::Health::Stub> health;

  /// Follows the health of the server until it is SERVING (OK) or the call ends; `found` says what was seen last.
  absl::Status Watch(absl::Time deadline, const std::stop_token& stop, std::string& found) const;
};

absl::Status ServiceClient::Connection::Watch(absl::Time deadline, const std::stop_token& stop,
                                              std::string& found) const {
  return CallOnce(deadline, stop, [&](grpc::ClientContext& context) -> grpc::Status {
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
    if (status.error_code() == grpc::StatusCode::UNAVAILABLE) found = status.error_message();
    return status;
  });
}

absl::StatusOr<std::unique_ptr<ServiceClient>> ServiceClient::Create(const Endpoint& endpoint,
                                                                     const ChannelOptions& options) {
  absl::Status valid = Validate(endpoint);
  if (!valid.ok()) return valid;
  const std::shared_ptr<grpc::Channel> channel = OpenChannel(endpoint, options);
  auto connection = std::make_unique<Connection>();
  connection->address = endpoint.address;
  connection->analysis = v1::AnalysisService::NewStub(channel);
  connection->health = grpc::health::v1::Health::NewStub(channel);
  return std::unique_ptr<ServiceClient>(new ServiceClient(std::move(connection)));  // the constructor is private
}

ServiceClient::ServiceClient(std::unique_ptr<Connection> connection) : connection_(std::move(connection)) {}

ServiceClient::~ServiceClient() = default;

absl::Status ServiceClient::WaitUntilServing(absl::Duration timeout, const std::stop_token& stop) {
  const absl::Time deadline = absl::Now() + timeout;
  BackoffSeries backoff(kBackoff, std::random_device{}());
  std::string found = "nothing answers";
  while (true) {
    const absl::Status status = connection_->Watch(deadline, stop, found);
    if (status.ok()) return status;
    if (stop.stop_requested()) break;
    if (!IsAway(status) && !absl::IsDeadlineExceeded(status)) {
      return absl::UnavailableError(absl::StrCat(connection_->address, " does not answer as cxr-service does: ",
                                                 ReasonOrCode(status), ": ", status.message()));
    }
    const absl::Duration pause = std::min(backoff.Next(), deadline - absl::Now());
    if (pause <= absl::ZeroDuration()) {
      return absl::UnavailableError(absl::StrCat(connection_->address, " was not serving within ",
                                                 absl::ToDoubleSeconds(timeout), " s: ", found, "."));
    }
    if (!Pause(pause, stop)) break;
  }
  return absl::CancelledError("Interrupted while waiting for the server.");
}

absl::StatusOr<v1::AnalyzeResponse> ServiceClient::AnalyzeOnce(const v1::AnalyzeRequest& request,
                                                               absl::Duration timeout, const std::stop_token& stop) {
  v1::AnalyzeResponse response;
  absl::Status status = CallOnce(absl::Now() + timeout, stop, [&](grpc::ClientContext& context) {
    return connection_->analysis->Analyze(&context, request, &response);
  });
  if (!status.ok()) return status;
  return response;
}

absl::StatusOr<v1::DescribeModelResponse> ServiceClient::DescribeModel(absl::Duration timeout,
                                                                       const std::stop_token& stop) {
  v1::DescribeModelResponse response;
  absl::Status status = CallOnce(absl::Now() + timeout, stop, [&](grpc::ClientContext& context) {
    return connection_->analysis->DescribeModel(&context, v1::DescribeModelRequest(), &response);
  });
  if (!status.ok()) return status;
  return response;
}

absl::StatusOr<v1::AnalyzeResponse> ServiceClient::Analyze(const v1::AnalyzeRequest& request, const CallLimits& limits,
                                                           const std::stop_token& stop) {
  const absl::Time deadline = absl::Now() + limits.timeout;
  absl::Time away_until = absl::InfiniteFuture();
  BackoffSeries backoff(kBackoff, std::random_device{}());
  while (true) {
    absl::StatusOr<v1::AnalyzeResponse> response = AnalyzeOnce(request, deadline - absl::Now(), stop);
    if (response.ok()) return response;
    const absl::Status& error = response.status();
    if (!IsAway(error) && !IsOverload(error)) return error;
    if (!IsAway(error)) {
      away_until = absl::InfiniteFuture();  // it is there, and busy
    } else if (away_until == absl::InfiniteFuture()) {
      away_until = absl::Now() + limits.patience;
    }
    const absl::Duration pause = backoff.Next();
    if (absl::Now() + pause >= std::min(deadline, away_until)) return Final(error);
    if (!Pause(pause, stop)) return Interrupted();
  }
}

}  // namespace cxr
