// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/rpc/grpc_analysis_client.h"

#include <fstream>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "plugin/core/service_error.h"
#include "plugin/rpc/error_detail.h"
#include "plugin/rpc/response_conversion.h"

namespace cxr::plugin {
namespace {

constexpr absl::Duration kDescribeTimeout = absl::Seconds(5);

absl::Status ReadPem(const char* key, const std::string& path, std::string& text) {
  if (path.empty()) return absl::OkStatus();
  std::ifstream file(path, std::ios::binary);
  text.assign(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  if (file.bad() || text.find("-----BEGIN") == std::string::npos) {
    return absl::InvalidArgumentError(
        absl::StrCat("CxrTriage.", key, " must name a readable PEM file; ", path, " is not."));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<GrpcAnalysisClient>> GrpcAnalysisClient::Create(GrpcClientOptions options) {
  grpc::SslCredentialsOptions certificates;
  absl::Status status = ReadPem("CaCertificate", options.ca_certificate, certificates.pem_root_certs);
  status.Update(ReadPem("ClientCertificate", options.client_certificate, certificates.pem_cert_chain));
  status.Update(ReadPem("ClientKey", options.client_key, certificates.pem_private_key));
  if (!status.ok()) return status;
  return std::unique_ptr<GrpcAnalysisClient>(new GrpcAnalysisClient(std::move(options), std::move(certificates)));
}

GrpcAnalysisClient::GrpcAnalysisClient(GrpcClientOptions options, grpc::SslCredentialsOptions certificates)
    : options_(std::move(options)), certificates_(std::move(certificates)) {}

void GrpcAnalysisClient::Connect() {
  const auto credentials = options_.tls ? grpc::SslCredentials(certificates_) : grpc::InsecureChannelCredentials();
  pool_ = std::make_unique<ChannelPool>(options_.addresses, credentials, static_cast<int>(options_.max_message_bytes));
}

void GrpcAnalysisClient::Disconnect() {
  pool_.reset();
}

absl::StatusOr<AnalysisResult> GrpcAnalysisClient::Analyze(std::string dicom) {
  cxr::v1::AnalyzeRequest request;
  request.set_dicom(std::move(dicom));
  cxr::v1::AnalyzeResponse response;
  const absl::Status status =
      TryInTurn(options_.timeout, [&](cxr::v1::AnalysisService::Stub& stub, grpc::ClientContext& context) {
        return stub.Analyze(&context, request, &response);
      });
  if (!status.ok()) return status;
  return FromProto(std::move(response));
}

absl::StatusOr<ModelIdentity> GrpcAnalysisClient::DescribeModel() {
  cxr::v1::DescribeModelResponse response;
  const absl::Status status =
      TryInTurn(kDescribeTimeout, [&](cxr::v1::AnalysisService::Stub& stub, grpc::ClientContext& context) {
        return stub.DescribeModel(&context, cxr::v1::DescribeModelRequest(), &response);
      });
  if (!status.ok()) return status;
  return FromProto(response.model());
}

absl::Status GrpcAnalysisClient::TryInTurn(absl::Duration timeout, const Call& call) {
  absl::Status status = ServiceError(absl::StatusCode::kUnavailable, "", "The plugin is not connected.");
  if (pool_ == nullptr) return status;
  for (cxr::v1::AnalysisService::Stub* stub : pool_->InTurn()) {
    status = FromGrpc(CallOnce(*stub, timeout, call));
    if (status.ok() || ClassifyServiceError(status) != FailureKind::kServiceAway) return status;
  }
  return status;
}

grpc::Status GrpcAnalysisClient::CallOnce(cxr::v1::AnalysisService::Stub& stub, absl::Duration timeout,
                                          const Call& call) {
  grpc::ClientContext context;
  context.set_deadline(absl::ToChronoTime(absl::Now() + timeout));
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (cancelled_) return {grpc::StatusCode::CANCELLED, "The plugin is stopping."};
    active_.insert(&context);
  }
  grpc::Status status = call(stub, context);
  const std::lock_guard<std::mutex> lock(mutex_);
  active_.erase(&context);
  // A server may answer CANCELLED too; only our own stop is reported as such.
  if (status.error_code() == grpc::StatusCode::CANCELLED && !cancelled_) {
    return {grpc::StatusCode::ABORTED, status.error_message(), status.error_details()};
  }
  return status;
}

void GrpcAnalysisClient::Cancel() {
  const std::lock_guard<std::mutex> lock(mutex_);
  cancelled_ = true;
  for (grpc::ClientContext* context : active_) context->TryCancel();
}

}  // namespace cxr::plugin
