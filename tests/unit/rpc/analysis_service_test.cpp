// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <stdexcept>
#include <thread>

#include "service/base/failure.h"
#include "tests/support/latch.h"
#include "tests/support/rpc/decoded_status.h"
#include "tests/unit/rpc/service_fixture.h"

namespace cxr::test {
namespace {

using ::testing::HasSubstr;

class AnalysisServiceTest : public ServiceFixture {};

TEST_F(AnalysisServiceTest, AnswersWithOutcomeObjectsAndStages) {
  Open();
  const Reply reply = Analyze(Request());
  ASSERT_TRUE(reply.status.ok()) << reply.status.error_message();
  EXPECT_EQ(reply.response.outcome(), v1::OUTCOME_ANALYSED);
  EXPECT_EQ(reply.response.objects_size(), 2);
  ASSERT_GT(reply.response.stages_size(), 1);
  EXPECT_EQ(reply.response.stages(0).stage(), "queue");
  EXPECT_EQ(reply.response.source().sop_instance_uid(), "1.2.3.4.5");
}

TEST_F(AnalysisServiceTest, WritesOnlyTheObjectsThatAreAskedFor) {
  Open();
  v1::AnalyzeRequest request = Request();
  request.add_produce(v1::OBJECT_KIND_STRUCTURED_REPORT);
  const Reply reply = Analyze(request);
  ASSERT_EQ(reply.response.objects_size(), 1);
  EXPECT_EQ(reply.response.objects(0).kind(), v1::OBJECT_KIND_STRUCTURED_REPORT);
}

TEST_F(AnalysisServiceTest, EveryFailureReasonReachesTheClientWithCodeDetailAndSentence) {
  Open();
  for (int number = 1; number <= 12; ++number) {
    const auto reason = static_cast<FailureReason>(number);
    const absl::Status failure = Failure(reason, "What is wrong, and what was expected.");
    fakes_.behaviour.read = failure;
    const Reply reply = Analyze(Request());
    const std::string name(FailureReasonName(reason));
    EXPECT_EQ(static_cast<int>(reply.status.error_code()), static_cast<int>(failure.code())) << name;
    EXPECT_EQ(reply.status.error_message(), "What is wrong, and what was expected.");
    EXPECT_EQ(reply.reason, name);
    const DecodedStatus decoded = DecodeStatusDetails(reply.status.error_details());
    ASSERT_TRUE(decoded.well_formed) << name;
    EXPECT_EQ(decoded.code, static_cast<int>(failure.code()));
    ASSERT_EQ(decoded.details.size(), 1U);
    EXPECT_EQ(v1::ErrorReason_Name(decoded.details[0].reason()), "ERROR_REASON_" + name);
    EXPECT_EQ(decoded.details[0].message(), "What is wrong, and what was expected.");
  }
}

TEST_F(AnalysisServiceTest, AFaultOfTheClassifierIsInternalAndNeverAResult) {
  Open();
  fakes_.behaviour.while_classifying = [] { throw std::runtime_error("broken"); };
  const Reply reply = Analyze(Request());
  EXPECT_EQ(reply.status.error_code(), grpc::StatusCode::INTERNAL);
  EXPECT_EQ(reply.reason, "INTERNAL");
  fakes_.behaviour.while_classifying = nullptr;
  EXPECT_TRUE(Analyze(Request()).status.ok()) << "the service is still up";
}

TEST_F(AnalysisServiceTest, InvalidRequestsAreRefusedBeforeAnyWork) {
  Open();
  EXPECT_EQ(Analyze(v1::AnalyzeRequest()).reason, "INVALID_REQUEST");
  v1::AnalyzeRequest request = Request();
  request.add_produce(static_cast<v1::ObjectKind>(77));
  const Reply reply = Analyze(request);
  EXPECT_EQ(reply.reason, "INVALID_REQUEST");
  EXPECT_THAT(reply.status.error_message(), HasSubstr("77"));
  EXPECT_TRUE(fakes_.behaviour.log.calls().empty());
}

TEST_F(AnalysisServiceTest, DescribesItsModelOnceThereIsOne) {
  grpc::ClientContext early;
  v1::DescribeModelResponse response;
  EXPECT_EQ(stub_->DescribeModel(&early, {}, &response).error_code(), grpc::StatusCode::UNAVAILABLE);
  Open();
  grpc::ClientContext context;
  ASSERT_TRUE(stub_->DescribeModel(&context, {}, &response).ok());
  EXPECT_EQ(response.model().name(), "fake");
  EXPECT_TRUE(response.population_enforced());
}

/// Holds the only worker, with another call in the only place of the queue.
class BusyServiceTest : public ServiceFixture {
 protected:
  void SetUp() override {
    ServiceFixture::SetUp();
    fakes_.behaviour.while_classifying = [this] {
      began_.Open();
      release_.Wait();
    };
    Open();
    running_ = std::async(std::launch::async, [this] { return Analyze(Request()); });
    began_.Wait();
    waiting_ = std::async(std::launch::async, [this] { return Analyze(Request(), waiting_context_); });
    while (pool_->load().queued != 1) std::this_thread::yield();
  }
  void TearDown() override { release_.Open(); }

  Latch began_;
  Latch release_;
  grpc::ClientContext waiting_context_;
  std::future<Reply> running_;
  std::future<Reply> waiting_;
};

TEST_F(BusyServiceTest, RefusesAtOnceWhatWouldNotFitInItsQueue) {
  const Reply refused = Analyze(Request());
  EXPECT_EQ(refused.status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(refused.reason, "OVERLOADED");
  release_.Open();
  EXPECT_TRUE(running_.get().status.ok());
  EXPECT_TRUE(waiting_.get().status.ok());
}

TEST_F(BusyServiceTest, NeverBeginsWorkForAClientThatIsGone) {
  waiting_context_.TryCancel();
  EXPECT_EQ(waiting_.get().status.error_code(), grpc::StatusCode::CANCELLED);
  auto next = std::async(std::launch::async, [this] {
    Reply reply = Analyze(Request());  // refused until the server knows that the place in its queue is free
    while (reply.reason == "OVERLOADED") reply = Analyze(Request());
    return reply;
  });
  while (metrics_.Text().find("code=\"CANCELLED\"") == std::string::npos) std::this_thread::yield();
  release_.Open();
  EXPECT_TRUE(running_.get().status.ok());
  EXPECT_TRUE(next.get().status.ok());
  const std::vector<std::string> calls = fakes_.behaviour.log.calls();
  EXPECT_EQ(std::count(calls.begin(), calls.end(), "read"), 2) << "the cancelled request was never opened";
}

TEST_F(BusyServiceTest, GivesUpWaitingAtTheDeadlineOfTheCall) {
  release_.Open();
  EXPECT_TRUE(waiting_.get().status.ok());
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() - std::chrono::seconds(1));
  EXPECT_EQ(Analyze(Request(), context).status.error_code(), grpc::StatusCode::DEADLINE_EXCEEDED);
}

}  // namespace
}  // namespace cxr::test
