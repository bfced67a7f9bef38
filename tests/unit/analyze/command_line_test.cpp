// SPDX-License-Identifier: Apache-2.0
#include "service/analyze/command_line.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

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
  EXPECT_THAT(MessageOf({"a", "--json=1"}), HasSubstr("--json takes no value"));
  EXPECT_THAT(MessageOf({"a", "--out="}), HasSubstr("--out"));
  EXPECT_THAT(MessageOf({"a", "--out", ""}), HasSubstr("--out has an empty value"));
  EXPECT_THAT(MessageOf({"verify", "a", "--server"}), HasSubstr("--server needs a value"));
  EXPECT_THAT(MessageOf({"verify", "a", "-z"}), HasSubstr("no option -z"));
  EXPECT_THAT(MessageOf({"a", "--jobs", "0"}), HasSubstr("1 to 256"));
  EXPECT_THAT(MessageOf({"a", "--timeout", "soon"}), HasSubstr("seconds"));
  EXPECT_THAT(MessageOf({"a", "--timeout", "nan"}), HasSubstr("seconds"));
  EXPECT_THAT(MessageOf({"a", "--server", "h:1", "--out", "o", "--insecure", "--tls-ca", "f"}), HasSubstr("exclude"));
}

TEST(CommandLine, TakesEveryNameOfAFileAndTheLastOfRepeatedOptions) {
  const auto line =
      ParseCommandLine({"--server", "h:1", "--out", "o", "--out", "p", "[1]", "[a,b]", "-", "a=b", "--", "--", "-x"});
  ASSERT_TRUE(line.ok()) << line.status();
  EXPECT_THAT(line->inputs, ElementsAre("[1]", "[a,b]", "-", "a=b", "--", "-x"));
  EXPECT_EQ(line->out, "p");
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

}  // namespace
}  // namespace cxr
