// SPDX-License-Identifier: Apache-2.0
#include "service/serving/analyzer.h"

#include <gtest/gtest.h>

#include <future>
#include <stdexcept>
#include <thread>

#include "service/base/failure.h"
#include "tests/support/fake_ports.h"

namespace cxr::test {
namespace {

class AnalyzerTest : public ::testing::Test {
 protected:
  FakeTools fakes;
  std::unique_ptr<AnalysisPool> pool = AnalysisPool::Create({1, 1, nullptr}).value();
  Analyzer analyzer{fakes.tools(), {}, *pool};
  Stopwatch stopwatch;

  absl::StatusOr<AnalysisResult> Analyze() {
    const auto answered = std::make_shared<std::promise<absl::StatusOr<AnalysisResult>>>();
    std::future<absl::StatusOr<AnalysisResult>> answer = answered->get_future();
    analyzer.Analyze("bytes", kUsualKinds, {}, stopwatch,
                     [answered](absl::StatusOr<AnalysisResult> result) { answered->set_value(std::move(result)); });
    return answer.get();
  }
};

TEST_F(AnalyzerTest, AnswersWithTheResultAndRecordsTheQueueFirst) {
  std::thread::id worker;
  fakes.behaviour.while_classifying = [&] { worker = std::this_thread::get_id(); };
  const absl::StatusOr<AnalysisResult> result = Analyze();
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->objects.size(), 2U);
  ASSERT_FALSE(stopwatch.stages().empty());
  EXPECT_EQ(stopwatch.stages().front().stage, "queue");
  EXPECT_EQ(stopwatch.stages().back().stage, "report");
  EXPECT_NE(worker, std::this_thread::get_id());
}

TEST_F(AnalyzerTest, AFailureOfTheUseCaseIsTheAnswer) {
  fakes.behaviour.read = Failure(FailureReason::kNotDicom, "Not DICOM.");
  EXPECT_EQ(FailureReasonOf(Analyze().status()), FailureReason::kNotDicom);
  EXPECT_EQ(stopwatch.stages().back().stage, "parse") << "the time of the stage that failed is known";
}

TEST_F(AnalyzerTest, AClassifierThatThrowsYieldsAFailureAndNeverAResult) {
  fakes.behaviour.while_classifying = [] { throw std::runtime_error("out of memory"); };
  EXPECT_EQ(FailureReasonOf(Analyze().status()), FailureReason::kInternal);
}

TEST_F(AnalyzerTest, AfterDrainingItRefuses) {
  ASSERT_TRUE(pool->Drain(JobLimits::Clock::now()).ok());
  EXPECT_EQ(FailureReasonOf(Analyze().status()), FailureReason::kNotServing);
}

}  // namespace
}  // namespace cxr::test
