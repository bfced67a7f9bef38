// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/rpc/grpc_analysis_client.h"

#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <thread>

#include "absl/strings/str_cat.h"
#include "cxr/v1/analysis.grpc.pb.h"
#include "plugin/core/service_error.h"
#include "proto/status_details.h"

namespace cxr::plugin {
namespace {

/// A server on a free loopback port that answers as it is told.
class Server : public cxr::v1::AnalysisService::Service {
 public:
  Server() {
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port_);
    builder.SetMaxReceiveMessageSize(16 << 20);
    builder.RegisterService(this);
    server_ = builder.BuildAndStart();
  }

  [[nodiscard]] std::string Address() const { return absl::StrCat("127.0.0.1:", port_); }

  grpc::Status Analyze(grpc::ServerContext* context, const cxr::v1::AnalyzeRequest* request,
                       cxr::v1::AnalyzeResponse* response) override {
    ++calls;
    received = request->dicom().size();
    if (hang) {
      entered.count_down();
      while (!context->IsCancelled()) std::this_thread::yield();
    }
    response->set_outcome(cxr::v1::OUTCOME_NOT_APPLICABLE);
    response->mutable_model()->set_name("model");
    return answer;
  }

  grpc::Status DescribeModel(grpc::ServerContext*, const cxr::v1::DescribeModelRequest*,
                             cxr::v1::DescribeModelResponse* response) override {
    response->mutable_model()->set_name("model");
    return grpc::Status::OK;
  }

  grpc::Status answer;
  std::atomic<bool> hang{false};
  std::atomic<int> calls{0};
  std::size_t received = 0;
  std::latch entered{1};

 private:
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
};

std::unique_ptr<GrpcAnalysisClient> Client(std::vector<std::string> addresses,
                                           absl::Duration timeout = absl::Seconds(30)) {
  GrpcClientOptions options;
  options.addresses = std::move(addresses);
  options.timeout = timeout;
  options.max_message_bytes = 8 << 20;
  auto client = GrpcAnalysisClient::Create(options);
  EXPECT_TRUE(client.ok()) << client.status();
  (*client)->Connect();
  return *std::move(client);
}

TEST(GrpcAnalysisClient, SendsMoreThanTheDefaultOfFourMebibytes) {
  Server server;
  const auto client = Client({server.Address()});
  const absl::StatusOr<AnalysisResult> result = client->Analyze(std::string(6 << 20, 'x'));
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(server.received, std::size_t{6} << 20);
  EXPECT_EQ(result->model.name, "model");
  EXPECT_EQ(client->DescribeModel()->name, "model");
}

TEST(GrpcAnalysisClient, NamesAMessageBeyondItsLimit) {
  Server server;
  const absl::StatusOr<AnalysisResult> result = Client({server.Address()})->Analyze(std::string(9 << 20, 'x'));
  EXPECT_EQ(ReasonOf(result.status()), kMessageTooLarge);
}

TEST(GrpcAnalysisClient, CarriesTheServicesReason) {
  Server server;
  cxr::v1::ErrorDetail detail;
  detail.set_reason(cxr::v1::ERROR_REASON_NO_PIXEL_DATA);
  detail.set_message("There is no pixel data.");
  server.answer = grpc::Status(grpc::StatusCode::INVALID_ARGUMENT, "There is no pixel data.",
                               EncodeStatusDetails(3, "There is no pixel data.", detail));
  const absl::Status status = Client({server.Address()})->Analyze("x").status();
  EXPECT_TRUE(absl::IsInvalidArgument(status));
  EXPECT_EQ(ReasonOf(status), "NO_PIXEL_DATA");
  EXPECT_EQ(status.message(), "There is no pixel data.");
}

TEST(GrpcAnalysisClient, RefusesPlaintextToAnotherMachineUnlessItIsAllowed) {
  GrpcClientOptions options;
  options.addresses = {"127.0.0.1:1", "192.0.2.1:1"};
  EXPECT_THAT(std::string(GrpcAnalysisClient::Create(options).status().message()), testing::HasSubstr("192.0.2.1:1"));
  options.allow_plaintext = true;
  EXPECT_TRUE(GrpcAnalysisClient::Create(options).ok());
}

TEST(GrpcAnalysisClient, GoesToTheNextAddressWhenOneIsAway) {
  Server server;
  const auto client = Client({"127.0.0.1:1", server.Address()});
  for (int i = 0; i < 4; ++i) EXPECT_TRUE(client->Analyze("x").ok());
}

TEST(GrpcAnalysisClient, SharesCallsAmongItsAddresses) {
  Server one;
  Server two;
  const auto client = Client({one.Address(), two.Address()});
  for (int i = 0; i < 6; ++i) EXPECT_TRUE(client->Analyze("x").ok());
  EXPECT_EQ(one.calls, 3);
  EXPECT_EQ(two.calls, 3);
}

TEST(GrpcAnalysisClient, SendsARefusedInstanceToNoOtherAddress) {
  Server one;
  Server two;
  one.answer = two.answer = grpc::Status(grpc::StatusCode::INVALID_ARGUMENT, "no");
  EXPECT_TRUE(absl::IsInvalidArgument(Client({one.Address(), two.Address()})->Analyze("x").status()));
  EXPECT_EQ(one.calls + two.calls, 1);
}

TEST(GrpcAnalysisClient, FindsNobodyWhereNobodyListens) {
  EXPECT_TRUE(absl::IsUnavailable(Client({"127.0.0.1:1"})->Analyze("x").status()));
}

TEST(GrpcAnalysisClient, KeepsItsDeadline) {
  Server server;
  server.hang = true;
  EXPECT_TRUE(absl::IsDeadlineExceeded(Client({server.Address()}, absl::Milliseconds(200))->Analyze("x").status()));
}

TEST(GrpcAnalysisClient, EndsACallInFlightWhenCancelledAndRefusesNewOnes) {
  Server server;
  server.hang = true;
  const auto client = Client({server.Address()});
  absl::Status status;
  std::thread caller([&] { status = client->Analyze("x").status(); });
  server.entered.wait();
  client->Cancel();
  caller.join();
  EXPECT_TRUE(absl::IsCancelled(status));
  EXPECT_TRUE(absl::IsCancelled(client->DescribeModel().status()));
}

TEST(GrpcAnalysisClient, DoesNotTakeTheServersCancellationForItsOwnStop) {
  Server server;
  server.answer = grpc::Status(grpc::StatusCode::CANCELLED, "server");
  EXPECT_EQ(ClassifyServiceError(Client({server.Address()})->Analyze("x").status()), FailureKind::kTransient);
}

TEST(GrpcAnalysisClient, NamesACertificateThatCannotBeRead) {
  GrpcClientOptions options;
  options.addresses = {"127.0.0.1:1"};
  options.tls = true;
  options.ca_certificate = "/nowhere/ca.pem";
  const auto client = GrpcAnalysisClient::Create(options);
  EXPECT_TRUE(absl::IsInvalidArgument(client.status()));
  EXPECT_THAT(std::string(client.status().message()),
              testing::HasSubstr("CxrTriage.CaCertificate: /nowhere/ca.pem cannot be read: "));
  options.ca_certificate = "/";
  EXPECT_THAT(std::string(GrpcAnalysisClient::Create(options).status().message()),
              testing::HasSubstr("CxrTriage.CaCertificate: / cannot be read: it is a folder"));
}

}  // namespace
}  // namespace cxr::plugin
