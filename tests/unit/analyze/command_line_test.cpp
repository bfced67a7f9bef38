// SPDX-License-Identifier: Apache-2.0
#include "service/analyze/command_line.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "service/client/endpoint.h"

namespace cxr {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string MessageOf(const std::vector<std::string>& arguments) {
  const absl::StatusOr<CommandLine> line = ParseCommandLine(arguments);
  return line.ok() ? "" : std::string(line.status().message());
}

TEST(CommandLine, TakesOptionsAnywhereAndInBothForms) {
  const auto line = ParseCommandLine({"a.dcm", "--server=127.0.0.1:1", "--json", "b", "--out", "o", "--png", "--jobs",
                                      "7", "--connect-timeout", "0.5", "--timeout=9", "--", "--c.dcm"});
  ASSERT_TRUE(line.ok()) << line.status();
  EXPECT_THAT(line->inputs, ElementsAre("a.dcm", "b", "--c.dcm"));
  EXPECT_EQ(line->server, "127.0.0.1:1");
  EXPECT_EQ(line->out, "o");
  EXPECT_TRUE(line->json && line->png);
  EXPECT_EQ(line->jobs, 7);
  EXPECT_EQ(line->connect_timeout.count(), 500);
  EXPECT_EQ(line->timeout.count(), 9000);
}

TEST(CommandLine, HasTheDefaultsThatAreDocumented) {
  const auto line = ParseCommandLine({"--server", "h:1", "--out", "o", "a"});
  ASSERT_TRUE(line.ok());
  EXPECT_EQ(line->jobs, 4);
  EXPECT_EQ(line->connect_timeout.count(), 30000);
  EXPECT_FALSE(line->json || line->png || line->insecure);
}

TEST(CommandLine, SaysWhatIsWrong) {
  EXPECT_THAT(MessageOf({"--server", "h:1", "--out", "o", "--jsn", "a"}), HasSubstr("--jsn"));
  EXPECT_THAT(MessageOf({"--server", "h:1", "--out", "o"}), HasSubstr("no input"));
  EXPECT_THAT(MessageOf({"--server", "h:1", "a"}), HasSubstr("--out"));
  EXPECT_THAT(MessageOf({"--out", "o", "a"}), HasSubstr("--server"));
  EXPECT_THAT(MessageOf({"a", "--out"}), HasSubstr("needs a value"));
  EXPECT_THAT(MessageOf({"a", "--json=1"}), HasSubstr("takes no value"));
  EXPECT_THAT(MessageOf({"a", "--jobs", "0"}), HasSubstr("1 to 256"));
  EXPECT_THAT(MessageOf({"a", "--timeout", "soon"}), HasSubstr("seconds"));
  EXPECT_THAT(MessageOf({"a", "--timeout", "nan"}), HasSubstr("seconds"));
  EXPECT_THAT(MessageOf({"a", "--server", "h:1", "--out", "o", "--insecure", "--tls-ca", "f"}), HasSubstr("exclude"));
}

TEST(CommandLine, TakesVerifyInFrontWithTwoFilesAndNothingToWrite) {
  const auto line = ParseCommandLine({"verify", "r.dcm", "--server", "h:1", "s.dcm"});
  ASSERT_TRUE(line.ok()) << line.status();
  EXPECT_TRUE(line->verify);
  EXPECT_THAT(line->inputs, ElementsAre("r.dcm", "s.dcm"));
  EXPECT_FALSE(ParseCommandLine({"--server", "h:1", "--out", "o", "verify"})->verify) << "a file of that name";
  EXPECT_THAT(MessageOf({"verify", "--server", "h:1", "r.dcm"}), HasSubstr("two files"));
  EXPECT_THAT(MessageOf({"verify", "--server", "h:1", "r.dcm", "s.dcm", "t.dcm"}), HasSubstr("there are 3"));
  EXPECT_THAT(MessageOf({"verify", "--server", "h:1", "--out", "o", "r.dcm", "s.dcm"}), HasSubstr("--out"));
  EXPECT_THAT(MessageOf({"verify", "r.dcm", "s.dcm"}), HasSubstr("--server"));
  EXPECT_THAT(HelpText(), HasSubstr("cxr-analyze verify"));
}

TEST(CommandLine, AnswersHelpAndVersionWithoutAnythingElse) {
  EXPECT_TRUE(ParseCommandLine({"--help"}).value().help);
  EXPECT_TRUE(ParseCommandLine({"--version"}).value().version);
  for (const char* option : {"--server", "--out", "--json", "--png", "--jobs", "--connect-timeout", "--timeout",
                             "--tls-ca", "--insecure", "--version", "--help"}) {
    EXPECT_THAT(HelpText(), HasSubstr(option));
  }
}

TEST(Endpoint, IsLoopbackOnlyWhereNoOtherMachineCanBeMeant) {
  for (const char* address : {"127.0.0.1:1", "127.9.9.9:1", "localhost:1", "[::1]:1"})
    EXPECT_TRUE(IsLoopback(address)) << address;
  for (const char* address : {"127.example.org:1", "10.0.0.1:1", "[::2]:1", "localhost.org:1", "127.0.0.1.evil:1"}) {
    EXPECT_FALSE(IsLoopback(address)) << address;
  }
}

TEST(Endpoint, AllowsPlaintextToAnotherMachineOnlyWhenAsked) {
  EXPECT_TRUE(Validate({"127.0.0.1:50051", "", false}).ok());
  EXPECT_FALSE(Validate({"example.org:50051", "", false}).ok());
  EXPECT_TRUE(Validate({"example.org:50051", "", true}).ok());
  EXPECT_TRUE(Validate({"example.org:50051", "ca.pem", false}).ok());
}

TEST(Endpoint, HasAHostAndAPort) {
  for (const char* address : {"", "localhost", ":1", "localhost:", "localhost:0", "localhost:65536", "localhost:x",
                              "http://localhost:1", "::1:50051"}) {
    EXPECT_FALSE(Validate({address, "", true}).ok()) << address;
  }
  EXPECT_TRUE(Validate({"[::1]:50051", "", false}).ok());
}

}  // namespace
}  // namespace cxr
