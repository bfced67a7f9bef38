// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <list>
#include <thread>

#include "tests/support/holding_proxy.h"
#include "tests/unit/rpc/service_fixture.h"

namespace cxr::test {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::system_clock;
using ::testing::AllOf;
using ::testing::HasSubstr;

constexpr std::size_t kRequestBytes = std::size_t{1000} * 1024;
constexpr std::size_t kBytesBeforeHold = std::size_t{900} * 1024;
constexpr std::size_t kWindowBytes = 65535;  ///< of a stream whose message is not read (RFC 9113, section 6.9.2)
constexpr std::size_t kBesideMessages = std::size_t{32} * 1024;  ///< headers, settings and pings of a connection

RequestLimits Limits(int held_mib, milliseconds receive_time) {
  RequestLimits limits;
  limits.max_message_mib = 1;
  limits.held_mib = held_mib;
  limits.receive_time = receive_time;
  return limits;
}

/// Clients whose requests stop short of their end, each on a connection of its own.
class ReceivingTest : public ServiceFixture {
 protected:
  explicit ReceivingTest(const RequestLimits& limits = Limits(64, hours(1))) : ServiceFixture(limits, 16) {}

  void SetUp() override {
    ServiceFixture::SetUp();
    Open();
    proxy_ = std::make_unique<HoldingProxy>(server_->address().port, kBytesBeforeHold);
  }

  std::future<Reply> BeginSlowCall() {
    grpc::ClientContext& context = contexts_.emplace_back();
    return std::async(std::launch::async, [this, &context] {
      grpc::ChannelArguments own_connection;
      own_connection.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
      const auto stub = v1::AnalysisService::NewStub(grpc::CreateCustomChannel(
          "127.0.0.1:" + std::to_string(proxy_->port()), grpc::InsecureChannelCredentials(), own_connection));
      v1::AnalyzeRequest request;
      request.set_dicom(std::string(kRequestBytes, 'x'));
      return Analyze(*stub, request, context);
    });
  }

  std::future<absl::Status> BeginDrain() {
    auto drained = std::async(std::launch::async, [this] { return handler_.Drain(system_clock::now() + hours(1)); });
    while (handler_.state() != ServingState::kDraining) std::this_thread::yield();
    return drained;
  }

  void AwaitHeld(int calls) const {
    while (proxy_->holding() != calls) std::this_thread::yield();
  }
  void AwaitCalls(int calls) const {
    while (handler_.calls() != calls) std::this_thread::yield();
  }

  std::unique_ptr<HoldingProxy> proxy_;
  std::list<grpc::ClientContext> contexts_;
};

TEST_F(ReceivingTest, ACallStillBeingReceivedWhenDrainingBeginsIsAnswered) {
  auto slow = BeginSlowCall();
  AwaitHeld(1);
  EXPECT_EQ(handler_.calls(), 1);
  auto drained = BeginDrain();
  const Reply late = Analyze(Request());
  EXPECT_EQ(late.status.error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(late.reason, "NOT_SERVING");
  proxy_->Release();
  const Reply reply = slow.get();
  EXPECT_TRUE(reply.status.ok()) << reply.status.error_message();
  EXPECT_EQ(reply.response.objects_size(), 2);
  EXPECT_TRUE(drained.get().ok());
  EXPECT_EQ(handler_.state(), ServingState::kStopped);
}

TEST_F(ReceivingTest, ACallStillBeingReceivedAtTheEndOfTheDrainTimeIsCut) {
  auto slow = BeginSlowCall();
  AwaitHeld(1);
  EXPECT_TRUE(absl::IsDeadlineExceeded(handler_.Drain(system_clock::now())));
  server_->Shutdown(system_clock::now());
  EXPECT_FALSE(slow.get().status.ok());
  EXPECT_EQ(handler_.calls(), 0);
}

TEST_F(ReceivingTest, ACallerWhoseConnectionBreaksWhileItSendsIsForgotten) {
  auto slow = BeginSlowCall();
  AwaitHeld(1);
  proxy_.reset();
  EXPECT_EQ(slow.get().status.error_code(), grpc::StatusCode::UNAVAILABLE);
  AwaitCalls(0);
  EXPECT_TRUE(fakes_.behaviour.log.calls().empty());
}

class StalledSenderTest : public ReceivingTest {
 protected:
  StalledSenderTest() : ReceivingTest(Limits(1, milliseconds(500))) {}
};

TEST_F(StalledSenderTest, IsCutAndToldWhy) {
  const Reply reply = BeginSlowCall().get();
  EXPECT_EQ(reply.status.error_code(), grpc::StatusCode::DEADLINE_EXCEEDED);
  EXPECT_EQ(reply.reason, "DEADLINE");
  EXPECT_THAT(reply.status.error_message(), HasSubstr("not received"));
  AwaitCalls(0);
}

class ContendedMemoryTest : public ReceivingTest {
 protected:
  static RequestLimits Contended() {
    RequestLimits limits = Limits(1, hours(1));
    limits.contended_receive_time = milliseconds(200);
    return limits;
  }
  ContendedMemoryTest() : ReceivingTest(Contended()) {}
};

TEST_F(ContendedMemoryTest, AStalledSenderKeepsItFromOthersForAShortTimeOnly) {
  auto slow = BeginSlowCall();
  AwaitHeld(1);
  EXPECT_EQ(slow.wait_for(milliseconds(1000)), std::future_status::timeout) << "while nobody waits, it has time";
  EXPECT_TRUE(Analyze(Request()).status.ok()) << "waits until the memory of the slow one is given back";
  EXPECT_EQ(slow.get().reason, "DEADLINE");
}

class BoundedMemoryTest : public ReceivingTest {
 protected:
  static constexpr int kReceivedAtOnce = 2;
  static constexpr int kCalls = 8;
  BoundedMemoryTest() : ReceivingTest(Limits(kReceivedAtOnce, hours(1))) {}
};

TEST_F(BoundedMemoryTest, RequestsBeyondItAreNotReadUntilThereIsRoomAndThenAnswered) {
  std::vector<std::future<Reply>> slow(kCalls);
  for (std::future<Reply>& call : slow) call = BeginSlowCall();
  AwaitCalls(kCalls);
  AwaitHeld(kReceivedAtOnce);
  // What the server does not read stays with its sender, once the sender's flow-control window is used up.
  const std::size_t windows_used = kReceivedAtOnce * kBytesBeforeHold + (kCalls - kReceivedAtOnce) * kWindowBytes;
  while (proxy_->forwarded() < windows_used) std::this_thread::yield();
  for (int call = 0; call < 100; ++call) Health("");  // time in which more would come
  EXPECT_EQ(proxy_->holding(), kReceivedAtOnce);
  EXPECT_THAT(metrics_.Text(),
              AllOf(HasSubstr("cxr_calls 8"), HasSubstr("cxr_request_memory_bytes{of=\"held\"} 2097152"),
                    HasSubstr("cxr_request_memory_bytes{of=\"limit\"} 2097152")));
  EXPECT_LT(proxy_->forwarded(), windows_used + kCalls * kBesideMessages);
  proxy_->Release();
  for (std::future<Reply>& call : slow) {
    const Reply reply = call.get();
    EXPECT_TRUE(reply.status.ok()) << reply.status.error_message();
  }
}

}  // namespace
}  // namespace cxr::test
