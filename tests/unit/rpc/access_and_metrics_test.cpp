// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>
#include <sys/socket.h>
#include <unistd.h>

#include <sstream>

#include "service/base/failure.h"
#include "tests/unit/rpc/service_fixture.h"

namespace cxr::test {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

/// Everything the process logs while it lives.
class CapturedLog {
 public:
  CapturedLog() : before_(spdlog::default_logger()) {
    auto sink = std::make_shared<spdlog::sinks::ostream_sink_mt>(text_);
    spdlog::set_default_logger(std::make_shared<spdlog::logger>("captured", sink));
  }
  ~CapturedLog() { spdlog::set_default_logger(before_); }
  CapturedLog(const CapturedLog&) = delete;
  CapturedLog& operator=(const CapturedLog&) = delete;

  [[nodiscard]] std::string text() const { return text_.str(); }

 private:
  std::ostringstream text_;
  std::shared_ptr<spdlog::logger> before_;
};

CallRecord Call(absl::Status status) {
  CallRecord call;
  call.method = "Analyze";
  call.peer = "ipv4:127.0.0.1:5";
  call.status = std::move(status);
  call.request_bytes = 1000;
  call.duration = std::chrono::microseconds(12345);
  return call;
}

TEST(AccessLog, IsOneLineOfIdentifiersAndSizes) {
  const CapturedLog log;
  CallRecord call = Call(absl::OkStatus());
  call.sop_instance_uid = "1.2.3";
  call.outcome = "analysed";
  LogCall(call);
  EXPECT_THAT(log.text(), AllOf(HasSubstr("Analyze peer=ipv4:127.0.0.1:5 sop=1.2.3 code=OK reason=-"),
                                HasSubstr("outcome=\"analysed\" in=1000 out=0 ms=12.3\n")));
}

TEST(AccessLog, NamesTheReasonOfARefusalButKeepsItsSentenceToTheClient) {
  const CapturedLog log;
  LogCall(Call(Failure(FailureReason::kNotDicom, "a sentence")));
  EXPECT_THAT(log.text(), AllOf(HasSubstr("code=INVALID_ARGUMENT reason=NOT_DICOM"), HasSubstr("warning"),
                                Not(HasSubstr("a sentence"))));
}

TEST(AccessLog, TellsWhatAFaultOfOursWas) {
  const CapturedLog log;
  LogCall(Call(Failure(FailureReason::kInternal, "the disk\nis on fire")));
  EXPECT_THAT(log.text(), AllOf(HasSubstr("error"), HasSubstr("fault=the disk?is on fire")));
}

TEST(AccessLog, AHostileUidCannotWriteLinesOfItsOwn) {
  const CapturedLog log;
  CallRecord call = Call(absl::OkStatus());
  call.sop_instance_uid = "1.2\n[info] all is well";
  LogCall(call);
  call.sop_instance_uid = std::string(65, '1');
  LogCall(call);
  EXPECT_THAT(log.text(), AllOf(Not(HasSubstr("all is well")), Not(HasSubstr("1111")), HasSubstr("sop=- ")));
}

class MetricsTest : public ServiceFixture {};

TEST_F(MetricsTest, CountCallsByCodeAndAnalysesByOutcomeAndReason) {
  Open();
  Analyze(Request());
  Analyze(v1::AnalyzeRequest());
  fakes_.behaviour.facts.modality = "CT";
  Analyze(Request());
  fakes_.behaviour.facts.modality = "CR";
  fakes_.behaviour.facts.age_years.reset();
  fakes_.behaviour.ood_score = 1.3;  // between the thresholds
  Analyze(Request());
  fakes_.behaviour.blank = true;
  Analyze(Request());
  server_->Shutdown(std::chrono::system_clock::now());
  const std::string text = metrics_.Text();
  for (const char* line :
       {"cxr_requests_total{code=\"OK\",method=\"Analyze\"} 4",
        "cxr_requests_total{code=\"INVALID_ARGUMENT\",method=\"Analyze\"} 1",
        "cxr_outcomes_total{outcome=\"analysed\"} 1", "cxr_outcomes_total{outcome=\"not applicable\"} 2",
        "cxr_outcomes_total{outcome=\"analysed with warnings\"} 1",
        "cxr_reasons_total{outcome=\"not applicable\",reason=\"MODALITY_NOT_SUPPORTED\"} 1",
        "cxr_reasons_total{outcome=\"not applicable\",reason=\"NO_CONTRAST\"} 1",
        "cxr_reasons_total{outcome=\"analysed with warnings\",reason=\"AGE_UNKNOWN\"} 1",
        "cxr_reasons_total{outcome=\"analysed with warnings\",reason=\"UNLIKE_TRAINING_DATA\"} 1",
        "cxr_stage_seconds_count{stage=\"queue\"} 4", "cxr_stage_seconds_count{stage=\"decode\"} 3",
        "cxr_request_seconds_count{method=\"Analyze\"} 5"}) {
    EXPECT_THAT(text, HasSubstr(line));
  }
}

TEST(Metrics, TellTheLoadAtTheTimeOfTheScrape) {
  ServiceMetrics metrics;
  int queued = 3;
  metrics.WatchLoad([&queued] { return AnalysisPool::Load{queued, 2}; });
  EXPECT_THAT(metrics.Text(),
              AllOf(HasSubstr("cxr_jobs{state=\"queued\"} 3"), HasSubstr("cxr_jobs{state=\"running\"} 2")));
  queued = 4;
  EXPECT_THAT(metrics.Text(), HasSubstr("cxr_jobs{state=\"queued\"} 4"));
  metrics.WatchLoad(nullptr);
  EXPECT_THAT(metrics.Text(), HasSubstr("cxr_jobs{state=\"queued\"} 0"));
}

TEST(Metrics, TellTheMemoryOfTheProcess) {
  const std::string text = ServiceMetrics().Text();
  const std::string name = "\nprocess_resident_memory_bytes ";
  ASSERT_THAT(text, HasSubstr(name));
  EXPECT_GT(std::stod(text.substr(text.find(name) + name.size())), 1e6);
}

std::string HttpGet(std::uint16_t port, const std::string& path) {
  const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  std::string answer;
  if (::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0) {
    const std::string request = "GET " + path + " HTTP/1.0\r\n\r\n";
    if (::send(fd, request.data(), request.size(), 0) == static_cast<ssize_t>(request.size())) {
      char buffer[4096];
      for (ssize_t n = 0; (n = ::recv(fd, buffer, sizeof(buffer), 0)) > 0;)
        answer.append(buffer, static_cast<std::size_t>(n));
    }
  }
  ::close(fd);
  return answer;
}

TEST(Metrics, AreServedOverHttpAndAPortInUseIsAnError) {
  ServiceMetrics metrics;
  const absl::StatusOr<HostPort> address = metrics.Serve({"127.0.0.1", 0});
  ASSERT_TRUE(address.ok()) << address.status();
  EXPECT_NE(address->port, 0);
  EXPECT_THAT(HttpGet(address->port, "/metrics"), HasSubstr("cxr_jobs{state=\"queued\"} 0"));
  ServiceMetrics second;
  EXPECT_TRUE(absl::IsUnavailable(second.Serve(*address).status()));
}

}  // namespace
}  // namespace cxr::test
