// SPDX-License-Identifier: Apache-2.0
#include "tests/support/external_tool.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <sstream>

namespace cxr::test {
namespace {

[[noreturn]] void RunChild(const std::vector<std::string>& arguments, int write_end) {
  dup2(write_end, STDOUT_FILENO);
  dup2(write_end, STDERR_FILENO);
  std::vector<char*> argv;
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  execvp(argv[0], argv.data());
  _exit(127);
}

}  // namespace

ToolResult RunTool(const std::vector<std::string>& arguments) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return {};
  const pid_t child = fork();
  if (child == 0) RunChild(arguments, ends[1]);
  close(ends[1]);
  ToolResult result;
  char buffer[4096];
  for (ssize_t n = read(ends[0], buffer, sizeof buffer); n > 0; n = read(ends[0], buffer, sizeof buffer)) {
    result.output.append(buffer, static_cast<std::size_t>(n));
  }
  close(ends[0]);
  int status = 0;
  if (child > 0 && waitpid(child, &status, 0) == child) {
    result.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }
  return result;
}

ConformanceReport CheckConformance(const std::string& dicom) {
  const TemporaryFile file(dicom);
  const ToolResult result = RunTool({"dciodvfy", "-new", file.path()});
  ConformanceReport report;
  report.ran = result.exit_code == 0 || result.exit_code == 1;
  report.output = result.output;
  std::istringstream lines(result.output);
  for (std::string line; std::getline(lines, line);) {
    if (line.rfind("Error", 0) == 0) report.errors.push_back(line);
    if (line.rfind("Warning", 0) == 0) report.warnings.push_back(line);
  }
  if (result.exit_code == 1 && report.errors.empty()) report.errors.push_back("exit status 1");
  return report;
}

ToolResult DumpReport(const std::string& dicom) {
  const TemporaryFile file(dicom);
  return RunTool({"dsrdump", file.path()});
}

TemporaryFile::TemporaryFile(const std::string& content)
    : path_((std::filesystem::temp_directory_path() / "cxr-test-XXXXXX").string()) {
  const int descriptor = mkstemp(path_.data());
  std::FILE* file = descriptor < 0 ? nullptr : fdopen(descriptor, "wb");
  if (file == nullptr || std::fwrite(content.data(), 1, content.size(), file) != content.size() ||
      std::fclose(file) != 0) {
    std::perror("temporary file");
    std::abort();
  }
}

TemporaryFile::~TemporaryFile() {
  std::filesystem::remove(path_);
}

}  // namespace cxr::test
