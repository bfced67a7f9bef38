// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <future>

#include "tests/support/latch.h"
#include "tests/unit/rpc/service_fixture.h"

namespace cxr::test {
namespace {

using grpc::health::v1::HealthCheckRequest;
using grpc::health::v1::HealthCheckResponse;
using std::chrono::hours;
using std::chrono::system_clock;

constexpr const char* kService = "cxr.v1.AnalysisService";

class LifecycleTest : public ServiceFixture {};

TEST_F(LifecycleTest, IsNotServingUntilThereIsAModel) {
  EXPECT_EQ(Health(""), HealthCheckResponse::NOT_SERVING);
  EXPECT_EQ(Health(kService), HealthCheckResponse::NOT_SERVING);
  const Reply early = Analyze(Request());
  EXPECT_EQ(early.status.error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(early.reason, "NOT_SERVING");
  Open();
  EXPECT_EQ(Health(""), HealthCheckResponse::SERVING);
  EXPECT_EQ(Health(kService), HealthCheckResponse::SERVING);
  EXPECT_TRUE(Analyze(Request()).status.ok());
}

TEST_F(LifecycleTest, WatchersAreToldThatDrainingBegins) {
  Open();
  grpc::ClientContext context;
  HealthCheckRequest request;
  request.set_service(kService);
  const auto watch = grpc::health::v1::Health::NewStub(channel_)->Watch(&context, request);
  HealthCheckResponse response;
  ASSERT_TRUE(watch->Read(&response));
  EXPECT_EQ(response.status(), HealthCheckResponse::SERVING);
  server_->SetServing(false);
  ASSERT_TRUE(watch->Read(&response));
  EXPECT_EQ(response.status(), HealthCheckResponse::NOT_SERVING);
  context.TryCancel();
  watch->Finish();
}

TEST_F(LifecycleTest, ACallInFlightIsAnsweredThoughTheServerShutsDown) {
  Latch began;
  Latch release;
  fakes_.behaviour.while_classifying = [&] {
    began.Open();
    release.Wait();
  };
  Open();
  auto running = std::async(std::launch::async, [this] { return Analyze(Request()); });
  began.Wait();
  server_->SetServing(false);
  auto drained = std::async(std::launch::async, [this] { return handler_.Drain(system_clock::now() + hours(1)); });
  auto shut_down = std::async(std::launch::async, [this] { server_->Shutdown(system_clock::now() + hours(1)); });
  release.Open();
  const Reply reply = running.get();
  EXPECT_TRUE(reply.status.ok()) << reply.status.error_message();
  EXPECT_EQ(reply.response.objects_size(), 2);
  EXPECT_TRUE(drained.get().ok());
  shut_down.get();
  EXPECT_EQ(Analyze(Request()).status.error_code(), grpc::StatusCode::UNAVAILABLE);
}

TEST_F(LifecycleTest, WhileDrainingNewCallsAreRefusedWithAReason) {
  Open();
  ASSERT_TRUE(handler_.Drain(system_clock::now() + hours(1)).ok());
  const Reply reply = Analyze(Request());
  EXPECT_EQ(reply.status.error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(reply.reason, "NOT_SERVING");
}

TEST_F(LifecycleTest, APortInUseIsAnErrorThatNamesIt) {
  ServiceMetrics metrics;
  AnalysisHandler handler(metrics);
  ServerOptions options;
  options.listen = server_->address();
  options.credentials = MakeServerCredentials({}).value();
  const absl::Status status = AnalysisServer::Start(options, handler).status();
  EXPECT_TRUE(absl::IsUnavailable(status)) << status;
  EXPECT_NE(status.message().find(ToString(server_->address())), absl::string_view::npos);
}

}  // namespace
}  // namespace cxr::test
