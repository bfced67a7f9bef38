// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <grpcpp/create_channel.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <future>
#include <thread>

#include "cxr/v1/analysis.grpc.pb.h"
#include "grpc/health/v1/health.grpc.pb.h"
#include "tests/support/brightness_model.h"
#include "tests/support/dicom_fixture.h"
#include "tests/support/holding_proxy.h"
#include "tests/unit/app/child_process.h"

namespace cxr::test {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

/// The executable as scripts use it: arguments, lines, signals, exit codes.
class ExecutableTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const char* binary_dir = std::getenv("CXR_BINARY_DIR");
    ASSERT_NE(binary_dir, nullptr) << "run by ctest, or with CXR_BINARY_DIR set to the build folder";
    executable_ = std::string(binary_dir) + "/bin/cxr-service";
    model_ = std::filesystem::path(::testing::TempDir()) / ("executable_test_" + std::to_string(::getpid()));
    std::filesystem::create_directories(model_);
    WriteBrightnessModel(model_.string());
  }
  void TearDown() override { std::filesystem::remove_all(model_); }

  std::vector<std::string> With(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), executable_);
    return arguments;
  }
  std::vector<std::string> Serving() const {
    return With({"--model", model_.string(), "--listen", "127.0.0.1:0", "--workers", "1"});
  }

  std::string executable_;
  std::filesystem::path model_;
};

TEST_F(ExecutableTest, SaysWhereItListensAnswersAndEndsWithZeroOnSigterm) {
  ChildProcess service(Serving());
  const std::string address = service.ReadUntil("cxr-service listening on ");
  ASSERT_THAT(address, HasSubstr("127.0.0.1:")) << service.output();
  service.ReadUntil("serving model");
  const auto channel = grpc::CreateChannel(address, grpc::InsecureChannelCredentials());
  grpc::ClientContext context;
  v1::AnalyzeRequest request;
  request.set_dicom(DicomFixture().Build());
  v1::AnalyzeResponse response;
  const grpc::Status status = v1::AnalysisService::NewStub(channel)->Analyze(&context, request, &response);
  EXPECT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(response.objects_size(), 2);
  service.Signal(SIGTERM);
  EXPECT_EQ(service.Wait(), 0) << service.output();
  EXPECT_THAT(service.output(), AllOf(HasSubstr("SIGTERM: draining"), HasSubstr("stopped")));
}

TEST_F(ExecutableTest, ASignalDuringTheStartIsNotMissed) {
  ChildProcess service(Serving());
  service.ReadUntil("cxr-service listening on ");
  service.Signal(SIGINT);
  EXPECT_EQ(service.Wait(), 0) << service.output();
  EXPECT_THAT(service.output(), HasSubstr("SIGINT: draining"));
}

TEST_F(ExecutableTest, AWatcherOfItsHealthIsToldAndDoesNotKeepItFromEnding) {
  ChildProcess service(Serving());
  const std::string address = service.ReadUntil("cxr-service listening on ");
  service.ReadUntil("serving model");
  grpc::ClientContext context;
  const auto stub = grpc::health::v1::Health::NewStub(grpc::CreateChannel(address, grpc::InsecureChannelCredentials()));
  const auto watch = stub->Watch(&context, {});
  grpc::health::v1::HealthCheckResponse response;
  ASSERT_TRUE(watch->Read(&response));
  EXPECT_EQ(response.status(), grpc::health::v1::HealthCheckResponse::SERVING);
  const auto began = std::chrono::steady_clock::now();
  service.Signal(SIGTERM);
  ASSERT_TRUE(watch->Read(&response));
  EXPECT_EQ(response.status(), grpc::health::v1::HealthCheckResponse::NOT_SERVING);
  EXPECT_EQ(service.Wait(), 0);
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(20))
      << "of the 30 s that it may take to drain";
  watch->Finish();
}

/// A call through a proxy, on a connection of its own.
std::future<grpc::Status> BeginCall(const HoldingProxy& proxy, std::string dicom) {
  return std::async(std::launch::async, [port = proxy.port(), dicom = std::move(dicom)] {
    grpc::ChannelArguments own_connection;
    own_connection.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    const auto stub = v1::AnalysisService::NewStub(grpc::CreateCustomChannel(
        "127.0.0.1:" + std::to_string(port), grpc::InsecureChannelCredentials(), own_connection));
    grpc::ClientContext context;
    v1::AnalyzeRequest request;
    request.set_dicom(dicom);
    v1::AnalyzeResponse response;
    return stub->Analyze(&context, request, &response);
  });
}

/// A connection that says something and then stays open.
class HttpConnection {
 public:
  HttpConnection(std::uint16_t port, const std::string& words) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)), 0);
    EXPECT_EQ(::send(socket_, words.data(), words.size(), MSG_NOSIGNAL), static_cast<ssize_t>(words.size()));
  }
  ~HttpConnection() { ::close(socket_); }

  /// The answer, to its end.
  [[nodiscard]] std::string ReadAll() const {
    std::string answer;
    std::array<char, 4096> buffer{};
    for (ssize_t size = 0; (size = ::recv(socket_, buffer.data(), buffer.size(), 0)) > 0;) {
      answer.append(buffer.data(), static_cast<std::size_t>(size));
    }
    return answer;
  }
  HttpConnection(const HttpConnection&) = delete;
  HttpConnection& operator=(const HttpConnection&) = delete;

 private:
  int socket_;
};

std::uint16_t PortOf(const std::string& address) {
  return static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1)));
}

TEST_F(ExecutableTest, ACallStillBeingReceivedAtSigtermIsAnsweredThoughItsSenderIsSlow) {
  std::vector<std::string> arguments = Serving();
  arguments.insert(arguments.end(), {"--metrics", "127.0.0.1:0"});
  ChildProcess service(arguments);
  const auto metrics = static_cast<std::uint16_t>(std::stoi(service.ReadUntil("metrics on http://127.0.0.1:")));
  const std::string address = service.ReadUntil("cxr-service listening on ");
  service.ReadUntil("serving model");
  const std::string dicom = DicomFixture().Build();
  HoldingProxy proxy(PortOf(address), dicom.size() / 2);
  auto slow = BeginCall(proxy, dicom);
  const std::string begun = "cxr_calls 1";
  while (HttpConnection(metrics, "GET /metrics HTTP/1.0\r\n\r\n").ReadAll().find(begun) == std::string::npos) {
  }
  service.Signal(SIGTERM);
  service.ReadUntil("draining");
  // The former service gave such a call 2 s.
  EXPECT_EQ(slow.wait_for(std::chrono::seconds(4)), std::future_status::timeout) << service.output();
  proxy.Release();
  const grpc::Status status = slow.get();
  EXPECT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(service.Wait(), 0) << service.output();
}

TEST_F(ExecutableTest, ConnectionsToItsMetricsDoNotKeepItFromEnding) {
  std::vector<std::string> arguments = Serving();
  arguments.insert(arguments.end(), {"--metrics", "127.0.0.1:0"});
  ChildProcess service(arguments);
  const std::string metrics = service.ReadUntil("metrics on http://127.0.0.1:");
  service.ReadUntil("serving model");
  std::vector<std::unique_ptr<HttpConnection>> connections;
  for (const char* request : {"", "GET /metr", "GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: keep-alive\r\n\r\n"}) {
    for (int i = 0; i < 8; ++i) {
      connections.push_back(std::make_unique<HttpConnection>(static_cast<std::uint16_t>(std::stoi(metrics)), request));
    }
  }
  const auto began = std::chrono::steady_clock::now();
  service.Signal(SIGTERM);
  EXPECT_EQ(service.Wait(), 0) << service.output();
  EXPECT_THAT(service.output(), HasSubstr("stopped"));
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(20))
      << "of the 30 s that it may take to drain";
}

TEST_F(ExecutableTest, HalfSentRequestsTakeNoMoreMemoryThanThereIsForThem) {
  constexpr int kCalls = 20;
  constexpr std::size_t kMiB = std::size_t{1} << 20U;
  std::vector<std::string> arguments = Serving();
  arguments.insert(arguments.end(), {"--max-message-mib", "8", "--request-memory-mib", "16"});
  ChildProcess service(arguments);
  const std::string address = service.ReadUntil("cxr-service listening on ");
  service.ReadUntil("serving model");
  const std::size_t before = service.ResidentBytes();
  HoldingProxy proxy(PortOf(address), 7 * kMiB);
  std::vector<std::future<grpc::Status>> calls(kCalls);
  for (auto& call : calls) call = BeginCall(proxy, std::string(8 * kMiB, 'x'));
  while (proxy.forwarded() < 14 * kMiB + std::size_t{kCalls - 2} * 65535) std::this_thread::yield();
  EXPECT_EQ(proxy.holding(), 2);
  EXPECT_LT(service.ResidentBytes() - before, 32 * kMiB) << "of 140 MiB that were sent to the former service";
  proxy.Release();
  for (auto& call : calls) EXPECT_EQ(call.get().error_code(), grpc::StatusCode::INVALID_ARGUMENT);  // no DICOM
}

TEST_F(ExecutableTest, AMessageThatGoesOnBeyondItsLimitIsEndedBeforeItTakesAllMemory) {
  constexpr std::size_t kMiB = std::size_t{1} << 20U;
  std::vector<std::string> arguments = Serving();
  arguments.insert(arguments.end(), {"--max-message-mib", "1", "--request-memory-mib", "1", "--queue", "1000"});
  ChildProcess service(arguments);
  const HoldingProxy proxy(PortOf(service.ReadUntil("cxr-service listening on ")), SIZE_MAX);
  service.ReadUntil("serving model");
  const std::size_t before = service.PeakResidentBytes();
  EXPECT_FALSE(BeginCall(proxy, std::string(200 * kMiB, 'x')).get().ok());
  EXPECT_LT(service.PeakResidentBytes() - before, 100 * kMiB);
  EXPECT_TRUE(BeginCall(proxy, DicomFixture().Build()).get().ok()) << "the service is still up";
}

TEST_F(ExecutableTest, MemoryAfterLoadReturnsToWithinATenthOfBefore) {
  ChildProcess service(Serving());
  const HoldingProxy proxy(PortOf(service.ReadUntil("cxr-service listening on ")), SIZE_MAX);
  service.ReadUntil("serving model");
  DicomFixture large;
  large.rows = 3000;
  large.columns = 2500;
  const std::string dicom = large.Build();
  ASSERT_TRUE(BeginCall(proxy, dicom).get().ok());
  const std::size_t before = service.ResidentBytes();
  std::vector<std::future<grpc::Status>> calls(24);
  for (auto& call : calls) call = BeginCall(proxy, dicom);
  for (auto& call : calls) EXPECT_TRUE(call.get().ok());
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (service.ResidentBytes() > before + before / 10 && std::chrono::steady_clock::now() < end) {
    std::this_thread::yield();
  }
  EXPECT_LT(service.ResidentBytes(), before + before / 10);
}

TEST_F(ExecutableTest, UsageErrorsEndWithTwoAndSayWhatIsWrong) {
  ChildProcess unknown(With({"--no-such-flag"}));
  EXPECT_EQ(unknown.Wait(), 2);
  EXPECT_THAT(unknown.output(), AllOf(HasSubstr("--no-such-flag"), HasSubstr("--help")));
  ChildProcess open(With({"--model", model_.string(), "--listen", "0.0.0.0:0"}));
  EXPECT_EQ(open.Wait(), 2);
  EXPECT_THAT(open.output(), HasSubstr("--insecure"));
}

TEST_F(ExecutableTest, WhatCannotRunEndsWithOneAndSaysWhy) {
  ChildProcess no_model(With({"--listen", "127.0.0.1:0", "--model", "/nonexistent"}));
  EXPECT_EQ(no_model.Wait(), 1);
  EXPECT_THAT(no_model.output(), HasSubstr("/nonexistent"));
  ChildProcess first(Serving());
  const std::string address = first.ReadUntil("cxr-service listening on ");
  ChildProcess second(With({"--model", model_.string(), "--listen", address}));
  EXPECT_EQ(second.Wait(), 1);
  EXPECT_THAT(second.output(), HasSubstr("cannot listen on " + address));
}

TEST_F(ExecutableTest, ChecksAModelWithoutServingIt) {
  ChildProcess good(With({"--check-model", "--model", model_.string()}));
  EXPECT_EQ(good.Wait(), 0) << good.output();
  EXPECT_THAT(good.output(), HasSubstr("can be served"));
  ChildProcess missing(With({"--check-model", "--model", "/nonexistent"}));
  EXPECT_EQ(missing.Wait(), 1);
  EXPECT_THAT(missing.output(), HasSubstr("/nonexistent"));
}

TEST_F(ExecutableTest, AModelThatTakesAllMemoryIsRefusedAndEndsNothing) {
  std::string doubling = "def features(self, x):\n";
  for (int i = 0; i < 30; ++i) doubling += "  x = torch.cat([x, x], 0)\n";
  doubling += "  return torch.avg_pool2d(x, [16, 16])\n";
  WriteScriptModel(doubling + "def head(self, f):\n  return torch.mean(f, [2, 3])\n", model_.string());
  ChildProcess check(With({"--check-model", "--model", model_.string()}));
  EXPECT_EQ(check.Wait(), 1) << check.output();
  EXPECT_THAT(check.output(), HasSubstr("memory"));
  ChildProcess service(Serving());
  EXPECT_EQ(service.Wait(), 1);
  EXPECT_THAT(service.output(), HasSubstr("memory"));
}

TEST_F(ExecutableTest, ASignalWhileAModelIsTriedEndsTheService) {
  std::string slow =
      "def features(self, x):\n  y = torch.mean(x, [2, 3])\n  a = torch.matmul(x, torch.transpose(x, 2, 3))\n";
  for (int i = 0; i < 2000000 / 100; ++i) slow += "  a = torch.tanh(torch.matmul(a, a))\n";
  slow += "  return a[:, :, 0:14, 0:14]\n";
  WriteScriptModel(slow + "def head(self, f):\n  return torch.mean(f, [2, 3])\n", model_.string());
  ChildProcess service(Serving());
  service.ReadUntil("cxr-service listening on ");
  service.Signal(SIGTERM);
  EXPECT_EQ(service.Wait(), 0) << service.output();
  EXPECT_THAT(service.output(), AllOf(HasSubstr("SIGTERM: draining"), HasSubstr("stopped"), Not(HasSubstr("serving"))));
}

TEST_F(ExecutableTest, SignalsThatAskForNothingChangeNothing) {
  ChildProcess service(Serving());
  service.ReadUntil("serving model");
  service.Signal(SIGHUP);
  service.ReadUntil("SIGHUP received");
  service.Signal(SIGUSR1);
  service.ReadUntil("SIGUSR1 received");
  service.Signal(SIGTERM);
  EXPECT_EQ(service.Wait(), 0) << service.output();
}

TEST_F(ExecutableTest, TellsItsVersion) {
  ChildProcess version(With({"--version"}));
  EXPECT_EQ(version.Wait(), 0);
  EXPECT_EQ(version.output(), "cxr-service " CXR_VERSION "\n");
}

}  // namespace
}  // namespace cxr::test
