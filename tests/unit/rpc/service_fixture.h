// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <grpcpp/create_channel.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "cxr/v1/analysis.grpc.pb.h"
#include "grpc/health/v1/health.grpc.pb.h"
#include "service/rpc/analysis_server.h"
#include "service/rpc/credentials.h"
#include "tests/support/fake_ports.h"

namespace cxr::test {

/// A real server on a loopback port with fakes behind the ports, and a real channel to it.
class ServiceFixture : public ::testing::Test {
 protected:
  static constexpr int kMaxMessageMib = 1;
  static RequestLimits DefaultLimits() {
    RequestLimits limits;
    limits.max_message_mib = kMaxMessageMib;
    return limits;
  }
  explicit ServiceFixture(const RequestLimits& limits = DefaultLimits(), int places = 1)
      : handler_(metrics_, limits), pool_(AnalysisPool::Create({1, places, nullptr}).value()) {}
  using HealthStatus = grpc::health::v1::HealthCheckResponse::ServingStatus;

  void SetUp() override {
    ServerOptions options;
    options.listen = {"127.0.0.1", 0};
    options.credentials = MakeServerCredentials({}).value();
    server_ = AnalysisServer::Start(options, handler_).value();
    channel_ = grpc::CreateChannel(ToString(server_->address()), grpc::InsecureChannelCredentials());
    stub_ = v1::AnalysisService::NewStub(channel_);
  }

  void Open() {
    AnalysisSettings settings;
    handler_.Open(std::make_shared<const Analyzer>(fakes_.tools(), settings, *pool_));
    server_->SetServing(true);
  }

  struct Reply {
    grpc::Status status;
    v1::AnalyzeResponse response;
    std::string reason;  ///< of the trailing metadata
  };

  Reply Analyze(const v1::AnalyzeRequest& request) {
    grpc::ClientContext context;
    return Analyze(request, context);
  }

  Reply Analyze(const v1::AnalyzeRequest& request, grpc::ClientContext& context) {
    return Analyze(*stub_, request, context);
  }

  static Reply Analyze(v1::AnalysisService::Stub& stub, const v1::AnalyzeRequest& request,
                       grpc::ClientContext& context) {
    Reply reply;
    reply.status = stub.Analyze(&context, request, &reply.response);
    const auto& trailing = context.GetServerTrailingMetadata();
    const auto reason = trailing.find("cxr-error-reason");
    if (reason != trailing.end()) reply.reason.assign(reason->second.data(), reason->second.size());
    return reply;
  }

  static v1::AnalyzeRequest Request() {
    v1::AnalyzeRequest request;
    request.set_dicom("bytes");
    return request;
  }

  HealthStatus Health(const std::string& service) {
    grpc::ClientContext context;
    grpc::health::v1::HealthCheckRequest request;
    request.set_service(service);
    grpc::health::v1::HealthCheckResponse response;
    const grpc::Status status = grpc::health::v1::Health::NewStub(channel_)->Check(&context, request, &response);
    return status.ok() ? response.status() : grpc::health::v1::HealthCheckResponse::UNKNOWN;
  }

  FakeTools fakes_;
  ServiceMetrics metrics_;
  AnalysisHandler handler_;
  std::unique_ptr<AnalysisPool> pool_;
  std::unique_ptr<AnalysisServer> server_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<v1::AnalysisService::Stub> stub_;
};

}  // namespace cxr::test
