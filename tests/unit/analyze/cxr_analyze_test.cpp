// SPDX-License-Identifier: Apache-2.0
// Runs the program itself against a server of the real contract.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <atomic>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <mutex>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <thread>

#include "absl/strings/str_cat.h"
#include "service/analyze/image_file.h"
#include "tests/support/rpc/scripted_server.h"
#include "tests/support/temporary_folder.h"

namespace cxr {
namespace {

using test::DetailedStatus;
using test::ScriptedServer;
using test::TemporaryFolder;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr int kFailed = 1;
constexpr int kUsage = 2;

struct ProgramOutcome {
  int status = -1;
  std::string out;
  std::string err;
};

std::string Program() {
  const char* binary_dir = std::getenv("CXR_BINARY_DIR");
  return absl::StrCat(binary_dir == nullptr ? CXR_BINARY_DIR : binary_dir, "/bin/cxr-analyze");
}

class CxrAnalyze : public testing::Test {
 protected:
  /// Runs the program with words that hold no quotes or spaces.
  ProgramOutcome Run(const std::string& arguments) const {
    const std::string command =
        absl::StrCat(Program(), " ", arguments, " >", folder_ / "stdout", " 2>", folder_ / "stderr", " </dev/null");
    const int status = std::system(command.c_str());
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, folder_.Read("stdout"), folder_.Read("stderr")};
  }

  ProgramOutcome Analyze(const ScriptedServer& server, const std::string& arguments) const {
    return Run(absl::StrCat("--server ", server.address(), " --out ", folder_ / "out", " ", arguments));
  }

  TemporaryFolder folder_;
};

grpc::Status Ok(const v1::AnalyzeRequest&, v1::AnalyzeResponse& response, grpc::ServerContext&) {
  test::FillAnalysed(response);
  return grpc::Status::OK;
}

std::vector<nlohmann::json> LinesOf(const std::string& text) {
  std::vector<nlohmann::json> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(nlohmann::json::parse(line));
  return lines;
}

TEST_F(CxrAnalyze, SaysItsVersionAndItsUsage) {
  EXPECT_THAT(Run("--version").out, testing::MatchesRegex("cxr-analyze [0-9]+\\.[0-9]+\\.[0-9]+\n"));
  const ProgramOutcome help = Run("--help");
  EXPECT_EQ(help.status, 0);
  EXPECT_THAT(help.out, HasSubstr("Examples:"));
}

TEST_F(CxrAnalyze, EndsWithTwoOnWrongUsage) {
  const std::string file = folder_.Write("a.dcm", "x");
  const std::string to_out = absl::StrCat(" --out ", folder_ / "out", " ");
  for (const std::string& arguments :
       {std::string(), std::string("--no-such-flag"), "--server 127.0.0.1:1" + to_out, "--server 127.0.0.1:1 " + file,
        "--server 127.0.0.1:1" + to_out + "missing.dcm", "--server 127.0.0.1" + to_out + file,
        "--server 192.0.2.1:1" + to_out + file, "--server 127.0.0.1:1 --jobs 0" + to_out + file,
        "--server 127.0.0.1:1 --out " + file + "/below " + file}) {
    const ProgramOutcome outcome = Run(arguments);
    EXPECT_EQ(outcome.status, kUsage) << arguments;
    EXPECT_THAT(outcome.err, HasSubstr("cxr-analyze: ")) << arguments;
    EXPECT_EQ(outcome.out, "") << arguments;
  }
}

TEST_F(CxrAnalyze, NamesAnAuthorityFileThatCannotBeUsed) {
  const std::string file = folder_.Write("a.dcm", "x");
  for (const auto& [authority, what] : {std::pair{std::string(folder_ / ""), "it is a folder"},
                                        std::pair{folder_ / "missing.pem", "missing.pem cannot be read"},
                                        std::pair{file, "a.dcm holds no PEM block"}}) {
    const ProgramOutcome outcome =
        Run(absl::StrCat("--server 127.0.0.1:1 --tls-ca ", authority, " --out ", folder_ / "out", " ", file));
    EXPECT_EQ(outcome.status, kUsage) << authority;
    EXPECT_THAT(outcome.err, HasSubstr("cxr-analyze: --tls-ca: "));
    EXPECT_THAT(outcome.err, HasSubstr(what));
  }
}

TEST_F(CxrAnalyze, EndsWithOneWhenNobodyServes) {
  const std::string file = folder_.Write("a.dcm", "x");
  const ProgramOutcome outcome =
      Run(absl::StrCat("--server 127.0.0.1:1 --connect-timeout 0.3 --out ", folder_ / "out", " ", file));
  EXPECT_EQ(outcome.status, kFailed);
  EXPECT_THAT(outcome.err, HasSubstr("was not serving within 0.3 s"));
}

TEST_F(CxrAnalyze, WritesFurtherFormsUnderNamesOfTheirOwn) {
  const ScriptedServer server([](const auto& request, auto& response, auto& context) {
    grpc::Status status = Ok(request, response, context);
    for (const auto& [kind, content] : {std::pair{v1::OBJECT_KIND_PRESENTATION_STATE, "a state"},
                                        std::pair{v1::OBJECT_KIND_PARAMETRIC_MAP, "a map"}}) {
      v1::DicomObject& object = *response.add_objects();
      object.set_kind(kind);
      object.set_content(content);
    }
    return status;
  });
  const ProgramOutcome outcome = Analyze(server, "--json " + folder_.Write("in/chest.dcm", "x"));
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(folder_.Read("out/chest.pr.dcm"), "a state");
  EXPECT_EQ(folder_.Read("out/chest.map.dcm"), "a map");
  EXPECT_THAT(outcome.out, HasSubstr("\"presentation state\""));
  EXPECT_THAT(outcome.out, HasSubstr("\"parametric map\""));
}

TEST_F(CxrAnalyze, WritesCaptureReportAndTable) {
  const ScriptedServer server(Ok);
  const std::string file = folder_.Write("in/chest.dcm", "x");
  const ProgramOutcome outcome = Analyze(server, file);
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(folder_.Read("out/chest.sc.dcm"), test::RedCapture(2, 2));
  EXPECT_EQ(folder_.Read("out/chest.sr.dcm"), "a report");
  EXPECT_FALSE(std::filesystem::exists(folder_ / "out/chest.png")) << "PNG only when asked for";
  EXPECT_FALSE(std::filesystem::exists(folder_ / "out/chest.dcm")) << "sources are not copied";
  EXPECT_THAT(outcome.out, HasSubstr("OUTCOME"));
  EXPECT_THAT(outcome.out, HasSubstr("BACTERIA"));
  EXPECT_THAT(outcome.err, Not(HasSubstr("\r"))) << "no bar where there is no terminal";
}

TEST_F(CxrAnalyze, PrintsOneJsonObjectPerInputInOrder) {
  const ScriptedServer server(
      [](const v1::AnalyzeRequest& request, v1::AnalyzeResponse& response, grpc::ServerContext& context) {
        if (request.dicom() == "good") return Ok(request, response, context);
        return DetailedStatus(grpc::StatusCode::INVALID_ARGUMENT, v1::ERROR_REASON_NOT_DICOM, "This is not DICOM.");
      });
  const std::string good = folder_.Write("good.dcm", "good");
  const std::string bad = folder_.Write("bad.txt", "bad");
  const ProgramOutcome outcome = Analyze(server, absl::StrCat("--json ", bad, " ", good));
  EXPECT_EQ(outcome.status, kFailed);
  const auto lines = LinesOf(outcome.out);
  ASSERT_EQ(lines.size(), 2U) << outcome.out;
  EXPECT_EQ(lines[0]["file"], bad);
  EXPECT_EQ(lines[0]["outcome"], "failed");
  EXPECT_EQ(lines[0]["reasons"], nlohmann::json{"NOT_DICOM"});
  EXPECT_EQ(lines[0]["error"], "This is not DICOM.");
  EXPECT_EQ(lines[1]["objects"], nlohmann::json::array({{{"kind", "secondary capture"},
                                                         {"sop_class_uid", "1.2.840.10008.5.1.4.1.1.7"},
                                                         {"sop_instance_uid", "2.25.1"},
                                                         {"file", folder_ / "out/good.sc.dcm"}},
                                                        {{"kind", "structured report"},
                                                         {"sop_class_uid", "1.2.840.10008.5.1.4.1.1.88.33"},
                                                         {"sop_instance_uid", "2.25.2"},
                                                         {"file", folder_ / "out/good.sr.dcm"}}}));
}

TEST_F(CxrAnalyze, KeepsResultsOfInputsWithOneStemApartAndSaysSo) {
  const ScriptedServer server(
      [](const v1::AnalyzeRequest& request, v1::AnalyzeResponse& response, grpc::ServerContext& context) {
        const grpc::Status status = Ok(request, response, context);
        response.mutable_objects(1)->set_content("report of " + request.dicom());
        return status;
      });
  const std::string first = folder_.Write("x/a.dcm", "first");
  const std::string second = folder_.Write("y/a.dcm", "second");
  const ProgramOutcome outcome = Analyze(server, absl::StrCat(first, " ", second));
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(folder_.Read("out/a.sr.dcm"), "report of first");
  EXPECT_EQ(folder_.Read("out/a-2.sr.dcm"), "report of second");
  EXPECT_THAT(outcome.err, HasSubstr("a-2"));
}

TEST_F(CxrAnalyze, WritesTheOverlayAsPngWhenAsked) {
  const ScriptedServer server(Ok);
  const std::string file = folder_.Write("a.dcm", "x");
  EXPECT_EQ(Analyze(server, "--png " + file).status, 0);
  const auto grey = DecodeImageFile(folder_.Read("out/a.png"));
  ASSERT_TRUE(grey.ok()) << grey.status();
  EXPECT_EQ(grey->rows, 2);
  EXPECT_NEAR(grey->pixels[0], 76, 1) << "the luma of red";
}

TEST_F(CxrAnalyze, WrapsImagesAsDicomAndWarns) {
  std::string received;
  std::mutex mutex;
  const ScriptedServer server(
      [&](const v1::AnalyzeRequest& request, v1::AnalyzeResponse& response, grpc::ServerContext& context) {
        const std::lock_guard<std::mutex> lock(mutex);
        received = request.dicom();
        return Ok(request, response, context);
      });
  const std::string file = folder_.Write("a.png", EncodePng({40, 30, std::vector<std::uint8_t>(3600, 9)}).value());
  const std::string damaged =
      folder_.Write("b.png", EncodePng({40, 30, std::vector<std::uint8_t>(3600, 9)}).value().substr(0, 60));
  const ProgramOutcome outcome = Analyze(server, absl::StrCat("--json ", file, " ", damaged));
  EXPECT_EQ(outcome.status, kFailed);
  EXPECT_THAT(outcome.err, HasSubstr("wrapped as DX"));
  EXPECT_EQ(received.substr(128, 4), "DICM");
  EXPECT_EQ(LinesOf(outcome.out)[1]["reasons"], nlohmann::json{"UNREADABLE_PICTURE"});
}

TEST_F(CxrAnalyze, HasSeveralRequestsInFlightButNoMoreThanAsked) {
  std::atomic<int> running{0};
  std::atomic<int> most{0};
  const ScriptedServer server(
      [&](const v1::AnalyzeRequest& request, v1::AnalyzeResponse& response, grpc::ServerContext& context) {
        const int now = ++running;
        for (int seen = most; seen < now && !most.compare_exchange_weak(seen, now);) continue;
        const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(5);
        while (most < 3 && std::chrono::steady_clock::now() < until) std::this_thread::yield();
        --running;
        return Ok(request, response, context);
      });
  std::string files;
  for (int i = 0; i < 9; ++i) absl::StrAppend(&files, " ", folder_.Write(absl::StrCat("f", i, ".dcm"), "x"));
  EXPECT_EQ(Analyze(server, "--jobs 3" + files).status, 0);
  EXPECT_EQ(most, 3);
}

TEST_F(CxrAnalyze, EndsCleanlyWhenInterrupted) {
  std::atomic<bool> arrived{false};
  const ScriptedServer server([&](const v1::AnalyzeRequest&, v1::AnalyzeResponse&, grpc::ServerContext& context) {
    arrived = true;
    while (!context.IsCancelled()) std::this_thread::yield();
    return grpc::Status::CANCELLED;
  });
  const std::string files = absl::StrCat(folder_.Write("a.dcm", "x"), " ", folder_.Write("b.dcm", "x"));
  const std::string command =
      absl::StrCat("exec ", Program(), " --json --jobs 1 --server ", server.address(), " --out ", folder_ / "out", " ",
                   files, " >", folder_ / "stdout", " 2>", folder_ / "stderr");
  const pid_t child = fork();
  if (child == 0) {
    execl("/bin/sh", "sh", "-c", command.c_str(), nullptr);
    _exit(127);
  }
  while (!arrived) std::this_thread::yield();
  kill(child, SIGINT);
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFEXITED(status)) << "it ends by itself, not by the signal";
  EXPECT_EQ(WEXITSTATUS(status), kFailed);
  const auto lines = LinesOf(folder_.Read("stdout"));
  ASSERT_EQ(lines.size(), 2U) << "every input has its line";
  for (const auto& line : lines) EXPECT_EQ(line["reasons"], nlohmann::json{"CANCELLED"});
}

}  // namespace
}  // namespace cxr
