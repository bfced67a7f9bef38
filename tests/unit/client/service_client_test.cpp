// SPDX-License-Identifier: Apache-2.0
#include "service/client/service_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <thread>

#include "proto/status_details.h"
#include "tests/support/rpc/scripted_server.h"

namespace cxr {
namespace {

using namespace std::chrono_literals;
using test::DetailedStatus;
using test::ScriptedServer;
using testing::HasSubstr;

constexpr CallLimits kLimits{20s, 10s};

grpc::Status Ok(const v1::AnalyzeRequest&, v1::AnalyzeResponse& response, grpc::ServerContext&) {
  test::FillAnalysed(response);
  return grpc::Status::OK;
}

std::unique_ptr<AnalysisClient> ClientOf(const std::string& address) {
  return AnalysisClient::Create({address, "", false}).value();
}

CallFailure FailureOf(const CallResult& result) {
  const auto* failure = std::get_if<CallFailure>(&result);
  return failure == nullptr ? CallFailure{"NONE", "the call succeeded"} : *failure;
}

TEST(AnalysisClient, WaitsUntilTheServerIsServing) {
  ScriptedServer server(Ok, false);
  const auto client = ClientOf(server.address());
  auto waiting = std::async(std::launch::async, [&] { return client->WaitUntilServing(20s, {}); });
  EXPECT_EQ(waiting.wait_for(300ms), std::future_status::timeout) << "not serving yet";
  server.SetServing(true);
  EXPECT_TRUE(waiting.get().ok());
}

TEST(AnalysisClient, WaitsForAServerThatIsNotThereYet) {
  auto first = std::make_unique<ScriptedServer>(Ok);
  const int port = first->port();
  first.reset();
  const auto client = ClientOf("127.0.0.1:" + std::to_string(port));
  auto waiting = std::async(std::launch::async, [&] { return client->WaitUntilServing(20s, {}); });
  EXPECT_EQ(waiting.wait_for(300ms), std::future_status::timeout);
  const ScriptedServer second(Ok, true, port);
  EXPECT_TRUE(waiting.get().ok());
}

TEST(AnalysisClient, SaysWhatItFoundInsteadOfAServingServer) {
  const ScriptedServer server(Ok, false);
  EXPECT_THAT(ClientOf(server.address())->WaitUntilServing(300ms, {}).message(), HasSubstr("NOT_SERVING"));
  EXPECT_THAT(ClientOf("127.0.0.1:1")->WaitUntilServing(300ms, {}).message(), HasSubstr("refused"));
}

TEST(AnalysisClient, StopsWaitingWhenInterrupted) {
  std::stop_source stop;
  const auto client = ClientOf("127.0.0.1:1");
  auto waiting = std::async(std::launch::async, [&] { return client->WaitUntilServing(60s, stop.get_token()); });
  stop.request_stop();
  EXPECT_EQ(waiting.get().code(), absl::StatusCode::kCancelled);
}

TEST(AnalysisClient, CarriesLargeMessagesBothWays) {
  const ScriptedServer server(
      [](const v1::AnalyzeRequest& request, v1::AnalyzeResponse& response, grpc::ServerContext&) {
        response.add_objects()->set_content(request.dicom());
        return grpc::Status::OK;
      });
  const std::string large(12 << 20, 'x');
  const CallResult result = ClientOf(server.address())->Analyze(large, kLimits, {});
  ASSERT_TRUE(std::holds_alternative<v1::AnalyzeResponse>(result)) << FailureOf(result).message;
  EXPECT_EQ(std::get<v1::AnalyzeResponse>(result).objects(0).content(), large);
}

TEST(AnalysisClient, RepeatsWhatIsTransient) {
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
  EXPECT_TRUE(std::holds_alternative<v1::AnalyzeResponse>(ClientOf(server.address())->Analyze("x", kLimits, {})));
  EXPECT_EQ(calls, 3);
}

TEST(AnalysisClient, TakesACallThatTheServerBrokeOffForAServerThatWentAway) {
  std::atomic<int> calls{0};
  const ScriptedServer server(
      [&](const v1::AnalyzeRequest& request, v1::AnalyzeResponse& response, grpc::ServerContext& context) {
        return calls++ == 0 ? grpc::Status::CANCELLED : Ok(request, response, context);
      });
  EXPECT_TRUE(std::holds_alternative<v1::AnalyzeResponse>(ClientOf(server.address())->Analyze("x", kLimits, {})));
  EXPECT_EQ(calls, 2);
}

TEST(AnalysisClient, DoesNotRepeatWhatIsFinalAndNamesTheReason) {
  std::atomic<int> calls{0};
  const ScriptedServer server([&](const v1::AnalyzeRequest&, v1::AnalyzeResponse&, grpc::ServerContext&) {
    ++calls;
    return DetailedStatus(grpc::StatusCode::INVALID_ARGUMENT, v1::ERROR_REASON_TRUNCATED, "It ends early.");
  });
  const CallFailure failure = FailureOf(ClientOf(server.address())->Analyze("x", kLimits, {}));
  EXPECT_EQ(failure.reason, "TRUNCATED");
  EXPECT_EQ(failure.message, "It ends early.");
  EXPECT_EQ(calls, 1);
}

TEST(AnalysisClient, DoesNotRepeatAMessageThatIsTooLarge) {
  std::atomic<int> calls{0};
  const ScriptedServer server(
      [&](const v1::AnalyzeRequest& request, v1::AnalyzeResponse& response, grpc::ServerContext& context) {
        ++calls;
        return Ok(request, response, context);
      });
  const CallFailure failure = FailureOf(ClientOf(server.address())->Analyze(std::string(17 << 20, 'x'), kLimits, {}));
  EXPECT_EQ(failure.reason, "RESOURCE_EXHAUSTED");
  EXPECT_EQ(calls, 0);
}

TEST(AnalysisClient, LosesPatienceWithAServerThatIsGone) {
  const CallFailure failure = FailureOf(ClientOf("127.0.0.1:1")->Analyze("x", {60s, 300ms}, {}));
  EXPECT_EQ(failure.reason, "UNAVAILABLE");
}

TEST(AnalysisClient, EndsACallInFlightWhenInterrupted) {
  std::promise<void> arrived;
  const ScriptedServer server([&](const v1::AnalyzeRequest&, v1::AnalyzeResponse&, grpc::ServerContext& context) {
    arrived.set_value();
    while (!context.IsCancelled()) std::this_thread::yield();
    return grpc::Status::CANCELLED;
  });
  std::stop_source stop;
  const auto client = ClientOf(server.address());
  auto call = std::async(std::launch::async, [&] { return client->Analyze("x", kLimits, stop.get_token()); });
  arrived.get_future().wait();
  stop.request_stop();
  EXPECT_EQ(FailureOf(call.get()).reason, "CANCELLED");
}

TEST(AnalysisClient, EndsWithItsDeadline) {
  const ScriptedServer server([&](const v1::AnalyzeRequest&, v1::AnalyzeResponse&, grpc::ServerContext& context) {
    while (!context.IsCancelled()) std::this_thread::yield();
    return grpc::Status::CANCELLED;
  });
  EXPECT_EQ(FailureOf(ClientOf(server.address())->Analyze("x", {300ms, 10s}, {})).reason, "DEADLINE_EXCEEDED");
}

TEST(AnalysisClient, RefusesAnAuthorityFileThatIsNone) {
  EXPECT_FALSE(AnalysisClient::Create({"example.org:1", "/missing.pem", false}).ok());
  EXPECT_FALSE(AnalysisClient::Create({"example.org:1", "/dev/null", false}).ok());
}

TEST(StatusDetails, AreReadOnlyWhereTheyAreWellFormed) {
  const std::string good =
      DetailedStatus(grpc::StatusCode::INVALID_ARGUMENT, v1::ERROR_REASON_NOT_DICOM, "message").error_details();
  ASSERT_TRUE(FindErrorDetail(good).has_value());
  EXPECT_EQ(FindErrorDetail(good)->reason(), v1::ERROR_REASON_NOT_DICOM);
  EXPECT_FALSE(FindErrorDetail("").has_value());
  EXPECT_FALSE(FindErrorDetail("\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF").has_value());
  for (std::size_t length = 0; length < good.size(); ++length) {
    EXPECT_FALSE(FindErrorDetail(good.substr(0, length)).has_value()) << length;
  }
}

}  // namespace
}  // namespace cxr
