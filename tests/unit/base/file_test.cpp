// SPDX-License-Identifier: Apache-2.0
#include "service/base/file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>

#include "tests/support/temporary_folder.h"

namespace cxr {
namespace {

using test::TemporaryFolder;
using testing::HasSubstr;

constexpr std::uint64_t kLimit = 100;

TEST(ReadFile, ReturnsEveryByte) {
  const TemporaryFolder folder;
  const std::string content("a\0b\n\xFF", 5);
  EXPECT_EQ(ReadFile(folder.Write("file", content), kLimit).value(), content);
  EXPECT_EQ(ReadFile(folder.Write("empty", ""), kLimit).value(), "");
}

TEST(ReadFile, SaysWhatIsWrongAndWithWhichFile) {
  const TemporaryFolder folder;
  const absl::Status missing = ReadFile(folder / "missing", kLimit).status();
  EXPECT_TRUE(absl::IsNotFound(missing));
  EXPECT_THAT(missing.message(), HasSubstr("missing cannot be read: "));
  EXPECT_THAT(ReadFile(folder / "", kLimit).status().message(), HasSubstr("it is a folder"));
  EXPECT_THAT(ReadFile("/dev/null", kLimit).status().message(), HasSubstr("no regular file"));
}

TEST(ReadFile, ReadsUpToItsLimitAndNamesIt) {
  const TemporaryFolder folder;
  EXPECT_TRUE(ReadFile(folder.Write("largest", std::string(kLimit, 'x')), kLimit).ok());
  const absl::Status status = ReadFile(folder.Write("large", std::string(kLimit + 1, 'x')), kLimit).status();
  EXPECT_TRUE(absl::IsInvalidArgument(status));
  EXPECT_THAT(status.message(), HasSubstr("large has 101 bytes, at most 100 are accepted"));
}

TEST(ReplaceFile, WritesTheWholeFileAndLeavesNothingBesideIt) {
  const TemporaryFolder folder;
  ASSERT_TRUE(ReplaceFile(folder / "file", "first").ok());
  ASSERT_TRUE(ReplaceFile(folder / "file", "2").ok());
  EXPECT_EQ(folder.Read("file"), "2");
  EXPECT_FALSE(std::filesystem::exists(folder / "file.partial"));
}

TEST(ReplaceFile, NamesAPlaceThatCannotBeWritten) {
  const TemporaryFolder folder;
  const absl::Status status = ReplaceFile(folder / "missing/file", "x");
  EXPECT_TRUE(absl::IsUnavailable(status));
  EXPECT_THAT(status.message(), HasSubstr("missing/file cannot be written: No such file or directory"));
  EXPECT_FALSE(ReplaceFile(folder / "", "x").ok()) << "a folder is no file";
}

TEST(ReplaceFile, KeepsTheOldFileWhenTheDiskIsFull) {
  const TemporaryFolder folder;
  ASSERT_TRUE(ReplaceFile(folder / "file", "old").ok());
  rlimit unlimited{};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &unlimited), 0);
  const rlimit small{1000, unlimited.rlim_max};
  const auto previous = std::signal(SIGXFSZ, SIG_IGN);  // write then fails, as it does on a full disk
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
  const absl::Status status = ReplaceFile(folder / "file", std::string(5000, 'x'));
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &unlimited), 0);
  std::signal(SIGXFSZ, previous);
  EXPECT_THAT(status.message(), HasSubstr("File too large"));
  EXPECT_EQ(folder.Read("file"), "old");
  EXPECT_FALSE(std::filesystem::exists(folder / "file.partial"));
}

}  // namespace
}  // namespace cxr
