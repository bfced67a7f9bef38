// SPDX-License-Identifier: Apache-2.0
#include "service/client/service_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <thread>

#include "tests/support/rpc/scripted_server.h"
#include "tests/support/tls/identity.h"

namespace cxr {
namespace {

using namespace std::chrono_literals;
using test::DetailedStatus;
using test::ScriptedServer;
using testing::HasSubstr;

const CallLimits kLimits{absl::Seconds(20), absl::Seconds(10)};

grpc::Status Ok(const v1::AnalyzeRequest&, v1::AnalyzeResponse& response, grpc::ServerContext&) {
  test::FillAnalysed(response);
  return grpc::Status::OK;
}

std::unique_ptr<ServiceClient> ClientOf(const std::string& address) {
  ChannelOptions options;
  options.connect_timeout = absl::Seconds(1);
  return ServiceClient::Create({address, {}, false}, options).value();
}

v1::AnalyzeRequest RequestOf(const std::string& dicom) {
  v1::AnalyzeRequest request;
  request.set_dicom(dicom);
  return request;
}

TEST(ServiceClient, WaitsUntilTheServerIsServing) {
  ScriptedServer server(Ok, false);
  const auto client = ClientOf(server.address());
  auto waiting = std::async(std::launch::async, [&] { return client->WaitUntilServing(absl::Seconds(20)); });
  EXPECT_EQ(waiting.wait_for(300ms), std::future_status::timeout) << "not serving yet";
  server.SetServing(true);
  EXPECT_TRUE(waiting.get().ok());
}

TEST(ServiceClient, WaitsForAServerThatIsNotThereYet) {
  auto first = std::make_unique<ScriptedServer>(Ok);
  const int port = first->port();
  first.reset();
  const auto client = ClientOf("127.0.0.1:" + std::to_string(port));
  auto waiting = std::async(std::launch::async, [&] { return client->WaitUntilServing(absl::Seconds(20)); });
  EXPECT_EQ(waiting.wait_for(300ms), std::future_status::timeout);
  const ScriptedServer second(Ok, true, port);
  EXPECT_TRUE(waiting.get().ok());
}

TEST(ServiceClient, SaysWhatItFoundInsteadOfAServingServer) {
  const ScriptedServer server(Ok, false);
  EXPECT_THAT(ClientOf(server.address())->WaitUntilServing(absl::Milliseconds(300)).message(),
              HasSubstr("NOT_SERVING"));
  EXPECT_THAT(ClientOf("127.0.0.1:1")->WaitUntilServing(absl::Milliseconds(300)).message(), HasSubstr("refused"));
}

TEST(ServiceClient, StopsWaitingWhenInterrupted) {
  std::stop_source stop;
  const auto client = ClientOf("127.0.0.1:1");
  auto waiting =
      std::async(std::launch::async, [&] { return client->WaitUntilServing(absl::Seconds(60), stop.get_token()); });
  stop.request_stop();
  EXPECT_EQ(waiting.get().code(), absl::StatusCode::kCancelled);
}

TEST(ServiceClient, CarriesLargeMessagesBothWays) {
  const ScriptedServer server(
      [](const v1::AnalyzeRequest& request, v1::AnalyzeResponse& response, grpc::ServerContext&) {
        response.add_objects()->set_content(request.dicom());
        return grpc::Status::OK;
      });
  const std::string large(12 << 20, 'x');
  const auto response = ClientOf(server.address())->Analyze(RequestOf(large), kLimits);
  ASSERT_TRUE(response.ok()) << response.status();
  EXPECT_EQ(response->objects(0).content(), large);
}

TEST(ServiceClient, RepeatsWhatIsTransient) {
  std::atomic<int> calls{0};
  const ScriptedServer server([&](const v1::AnalyzeRequest& request, v1::AnalyzeResponse& response,
                                  grpc::ServerContext& context) {
    switch (calls++) {
      case 0:
        return grpc::Status(grpc::StatusCode::UNAVAILABLE, "draining");
      case 1:
        return DetailedStatus(grpc::StatusCode::RESOURCE_EXHAUSTED, v1::ERROR_REASON_OVERLOADED, "The queue is full.");
      default:
        return Ok(request, response, context);
    }
  });
  EXPECT_TRUE(ClientOf(server.address())->Analyze(RequestOf("x"), kLimits).ok());
  EXPECT_EQ(calls, 3);
}

TEST(ServiceClient, TakesACallThatTheServerBrokeOffForAServerThatWentAway) {
  std::atomic<int> calls{0};
  const ScriptedServer server(
      [&](const v1::AnalyzeRequest& request, v1::AnalyzeResponse& response, grpc::ServerContext& context) {
        return calls++ == 0 ? grpc::Status::CANCELLED : Ok(request, response, context);
      });
  EXPECT_TRUE(ClientOf(server.address())->Analyze(RequestOf("x"), kLimits).ok());
  EXPECT_EQ(calls, 2);
}

TEST(ServiceClient, DoesNotRepeatWhatIsFinalAndNamesTheReason) {
  std::atomic<int> calls{0};
  const ScriptedServer server([&](const v1::AnalyzeRequest&, v1::AnalyzeResponse&, grpc::ServerContext&) {
    ++calls;
    return DetailedStatus(grpc::StatusCode::INVALID_ARGUMENT, v1::ERROR_REASON_TRUNCATED, "It ends early.");
  });
  const absl::Status error = ClientOf(server.address())->Analyze(RequestOf("x"), kLimits).status();
  EXPECT_EQ(ReasonOrCode(error), "TRUNCATED");
  EXPECT_EQ(error.message(), "It ends early.");
  EXPECT_EQ(calls, 1);
}

TEST(ServiceClient, DoesNotRepeatAMessageThatIsTooLarge) {
  std::atomic<int> calls{0};
  const ScriptedServer server(
      [&](const v1::AnalyzeRequest& request, v1::AnalyzeResponse& response, grpc::ServerContext& context) {
        ++calls;
        return Ok(request, response, context);
      });
  const auto response = ClientOf(server.address())->Analyze(RequestOf(std::string(17 << 20, 'x')), kLimits);
  EXPECT_TRUE(absl::IsResourceExhausted(response.status()));
  EXPECT_TRUE(IsMessageTooLarge(response.status()));
  EXPECT_EQ(calls, 0);
}

TEST(ServiceClient, LosesPatienceWithAServerThatIsGone) {
  const auto client = ClientOf("127.0.0.1:1");
  EXPECT_TRUE(
      absl::IsUnavailable(client->Analyze(RequestOf("x"), {absl::Seconds(60), absl::Milliseconds(300)}).status()));
}

TEST(ServiceClient, EndsACallInFlightWhenInterrupted) {
  std::promise<void> arrived;
  const ScriptedServer server([&](const v1::AnalyzeRequest&, v1::AnalyzeResponse&, grpc::ServerContext& context) {
    arrived.set_value();
    while (!context.IsCancelled()) std::this_thread::yield();
    return grpc::Status::CANCELLED;
  });
  std::stop_source stop;
  const auto client = ClientOf(server.address());
  auto call = std::async(std::launch::async,
                         [&] { return client->Analyze(RequestOf("x"), kLimits, stop.get_token()).status(); });
  arrived.get_future().wait();
  stop.request_stop();
  EXPECT_TRUE(absl::IsCancelled(call.get()));
  EXPECT_TRUE(absl::IsCancelled(client->DescribeModel(absl::Seconds(5), stop.get_token()).status()))
      << "and later ones";
}

TEST(ServiceClient, EndsWithItsDeadline) {
  const ScriptedServer server([&](const v1::AnalyzeRequest&, v1::AnalyzeResponse&, grpc::ServerContext& context) {
    while (!context.IsCancelled()) std::this_thread::yield();
    return grpc::Status::CANCELLED;
  });
  const CallLimits limits{absl::Milliseconds(300), absl::Seconds(10)};
  EXPECT_TRUE(absl::IsDeadlineExceeded(ClientOf(server.address())->Analyze(RequestOf("x"), limits).status()));
}

TEST(ServiceClient, MakesOneAttemptWhereTheCallerRepeats) {
  std::atomic<int> calls{0};
  const ScriptedServer server([&](const v1::AnalyzeRequest&, v1::AnalyzeResponse&, grpc::ServerContext&) {
    return calls++ == 0 ? grpc::Status(grpc::StatusCode::UNAVAILABLE, "draining") : grpc::Status::CANCELLED;
  });
  const auto client = ClientOf(server.address());
  EXPECT_TRUE(absl::IsUnavailable(client->AnalyzeOnce(RequestOf("x"), absl::Seconds(20)).status()));
  EXPECT_TRUE(absl::IsAborted(client->AnalyzeOnce(RequestOf("x"), absl::Seconds(20)).status())) << "nobody cancelled";
  EXPECT_EQ(calls, 2);
}

TEST(ServiceClient, ShowsItsCertificateToAServerThatAsksForOne) {
  const test::Identity server_identity = test::MakeIdentity();
  const test::Identity client_identity = test::MakeIdentity();
  grpc::SslServerCredentialsOptions options(GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
  options.pem_root_certs = client_identity.certificate;
  options.pem_key_cert_pairs.push_back({server_identity.key, server_identity.certificate});
  const ScriptedServer server(Ok, true, 0, grpc::SslServerCredentials(options));
  ClientTls tls{server_identity.certificate, client_identity.certificate, client_identity.key};
  EXPECT_TRUE((*ServiceClient::Create({server.address(), tls}))->AnalyzeOnce(RequestOf("x"), absl::Seconds(20)).ok());
  tls.certificate_chain.clear();
  tls.private_key.clear();
  const auto stranger = ServiceClient::Create({server.address(), tls});
  EXPECT_TRUE(absl::IsUnavailable((*stranger)->AnalyzeOnce(RequestOf("x"), absl::Seconds(20)).status()));
}

TEST(ServiceClient, IsNotMadeForAnEndpointThatIsNotValid) {
  EXPECT_TRUE(absl::IsInvalidArgument(ServiceClient::Create({"192.0.2.1:1", {}, false}).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(ServiceClient::Create({"nowhere", {}, true}).status()));
}

}  // namespace
}  // namespace cxr
