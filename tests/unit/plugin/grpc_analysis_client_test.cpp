// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/rpc/grpc_analysis_client.h"

#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <latch>
#include <thread>

#include "absl/strings/match.h"
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

/// Takes HTTP/2 connections and breaks each as soon as a call comes in: a service that dies of what it was sent.
class DyingServer {
 public:
  DyingServer() : listener_(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    EXPECT_EQ(bind(listener_, reinterpret_cast<sockaddr*>(&address), size), 0);
    EXPECT_EQ(listen(listener_, 8), 0);
    EXPECT_EQ(getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size), 0);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { Serve(); });
  }
  ~DyingServer() {
    shutdown(listener_, SHUT_RDWR);
    thread_.join();
    close(listener_);
  }

  [[nodiscard]] std::string Address() const { return absl::StrCat("127.0.0.1:", port_); }

 private:
  void Serve() const {
    const std::string settings("\0\0\0\x04\0\0\0\0\0", 9);
    int client = -1;
    while ((client = accept(listener_, nullptr, nullptr)) >= 0) {
      (void)send(client, settings.data(), settings.size(), MSG_NOSIGNAL);
      std::string received;
      std::array<char, 65536> buffer{};
      ssize_t count = 0;
      while (!absl::StrContains(received, "the radiograph") &&
             (count = recv(client, buffer.data(), buffer.size(), 0)) > 0) {
        received.append(buffer.data(), static_cast<std::size_t>(count));
      }
      close(client);
    }
  }

  int listener_;
  int port_ = 0;
  std::thread thread_;
};

TEST(GrpcAnalysisClient, TellsAConnectionThatBrokeInFlightAndSendsTheRadiographToNoOtherAddress) {
  DyingServer dying;
  Server good;
  auto client = Client({dying.Address(), good.Address()});
  int lost = 0;
  for (int i = 0; i < 2; ++i) {  // the addresses are used in turn
    const absl::Status status = client->Analyze("the radiograph").status();
    if (status.ok()) continue;
    EXPECT_EQ(ReasonOf(status), kConnectionLost) << status;
    EXPECT_EQ(ClassifyServiceError(status), FailureKind::kServiceAway);
    ++lost;
  }
  EXPECT_EQ(lost, 1);
  EXPECT_EQ(good.calls, 1);
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
