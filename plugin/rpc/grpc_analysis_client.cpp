// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/rpc/grpc_analysis_client.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "plugin/core/service_error.h"
#include "plugin/rpc/response_conversion.h"
#include "service/base/pem.h"

namespace cxr::plugin {
namespace {

constexpr absl::Duration kDescribeTimeout = absl::Seconds(5);

absl::Status WrongSetting(absl::string_view keys, const absl::Status& error) {
  return absl::InvalidArgumentError(absl::StrCat("CxrTriage.", keys, ": ", error.message(), "."));
}

absl::StatusOr<ClientTls> ReadTls(const GrpcClientOptions& options) {
  ClientTls tls;
  if (!options.ca_certificate.empty()) {
    absl::StatusOr<std::string> authorities = ReadPemAuthorities(options.ca_certificate, absl::Now());
    if (!authorities.ok()) return WrongSetting("CaCertificate", authorities.status());
    tls.authorities = *std::move(authorities);
  }
  if (!options.client_certificate.empty()) {
    absl::StatusOr<PemKeyPair> pair = ReadPemKeyPair(options.client_certificate, options.client_key, absl::Now());
    if (!pair.ok()) return WrongSetting("ClientCertificate and ClientKey", pair.status());
    tls.certificate_chain = std::move(pair->certificate_chain);
    tls.private_key = std::move(pair->private_key);
  }
  return tls;
}

ChannelOptions ChannelOptionsOf(const GrpcClientOptions& options) {
  ChannelOptions channel;
  channel.max_send_bytes = static_cast<int>(options.max_message_bytes);
  channel.max_receive_bytes = static_cast<int>(options.max_message_bytes);
  channel.use_every_address = true;
  channel.max_reconnect_delay = absl::Seconds(5);  // a service that is back should be found soon
  channel.keepalive_time = absl::Seconds(30);
  return channel;
}

/// An error of the client library as the plugin's core knows it.
absl::Status FromClient(const absl::Status& error) {
  if (error.ok()) return error;
  if (IsConnectionLost(error)) return ServiceError(error.code(), kConnectionLost, error.message());
  const std::string reason = IsMessageTooLarge(error) ? kMessageTooLarge : ServiceReason(error).value_or("");
  return ServiceError(error.code(), reason, error.message());
}

}  // namespace

absl::StatusOr<std::unique_ptr<GrpcAnalysisClient>> GrpcAnalysisClient::Create(GrpcClientOptions options) {
  absl::optional<ClientTls> tls;
  if (options.tls) {
    absl::StatusOr<ClientTls> read = ReadTls(options);
    if (!read.ok()) return read.status();
    tls = *std::move(read);
  }
  std::vector<Endpoint> endpoints;
  for (const std::string& address : options.addresses) {
    endpoints.push_back({address, tls, options.allow_plaintext});
    absl::Status valid = Validate(endpoints.back());
    if (!valid.ok()) return valid;
  }
  return std::unique_ptr<GrpcAnalysisClient>(new GrpcAnalysisClient(std::move(options), std::move(endpoints)));
}

GrpcAnalysisClient::GrpcAnalysisClient(GrpcClientOptions options, std::vector<Endpoint> endpoints)
    : options_(std::move(options)), endpoints_(std::move(endpoints)) {}

void GrpcAnalysisClient::Connect() {
  for (const Endpoint& endpoint : endpoints_) {
    absl::StatusOr<std::unique_ptr<ServiceClient>> client = ServiceClient::Create(endpoint, ChannelOptionsOf(options_));
    if (client.ok()) clients_.push_back(*std::move(client));  // always: the endpoint is valid
  }
}

void GrpcAnalysisClient::Disconnect() {
  clients_.clear();
}

absl::StatusOr<AnalysisResult> GrpcAnalysisClient::Analyze(std::string dicom) {
  cxr::v1::AnalyzeRequest request;
  request.set_dicom(std::move(dicom));
  cxr::v1::AnalyzeResponse response;
  absl::Status status = TryInTurn([&](ServiceClient& client) {
    absl::StatusOr<cxr::v1::AnalyzeResponse> answer = client.AnalyzeOnce(request, options_.timeout, stop_.get_token());
    if (answer.ok()) response = *std::move(answer);
    return answer.status();
  });
  if (!status.ok()) return status;
  return FromProto(std::move(response));
}

absl::StatusOr<ModelIdentity> GrpcAnalysisClient::DescribeModel() {
  cxr::v1::DescribeModelResponse response;
  absl::Status status = TryInTurn([&](ServiceClient& client) {
    absl::StatusOr<cxr::v1::DescribeModelResponse> answer = client.DescribeModel(kDescribeTimeout, stop_.get_token());
    if (answer.ok()) response = *std::move(answer);
    return answer.status();
  });
  if (!status.ok()) return status;
  return FromProto(response.model());
}

absl::Status GrpcAnalysisClient::TryInTurn(const Call& call) {
  absl::Status status = ServiceError(absl::StatusCode::kUnavailable, "", "The plugin is not connected.");
  const std::size_t first = next_.fetch_add(1, std::memory_order_relaxed);
  for (std::size_t i = 0; i < clients_.size(); ++i) {
    status = FromClient(call(*clients_[(first + i) % clients_.size()]));
    if (status.ok() || ClassifyServiceError(status) != FailureKind::kServiceAway) return status;
    if (ReasonOf(status) == kConnectionLost) return status;  // what ended one service must not end them all
  }
  return status;
}

void GrpcAnalysisClient::Cancel() {
  stop_.request_stop();
}

}  // namespace cxr::plugin
