// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/app/child_process.h"

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <fstream>

namespace cxr::test {

ChildProcess::ChildProcess(const std::vector<std::string>& arguments) {
  std::vector<char*> argv;
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  std::array<int, 2> ends{};
  if (::pipe(ends.data()) != 0) return;
  pid_ = ::fork();
  if (pid_ == 0) {
    ::dup2(ends[1], STDOUT_FILENO);
    ::dup2(ends[1], STDERR_FILENO);
    ::close(ends[0]);
    ::close(ends[1]);
    ::execv(argv[0], argv.data());
    ::_exit(127);
  }
  ::close(ends[1]);
  pipe_ = ends[0];
}

ChildProcess::~ChildProcess() {
  if (pid_ > 0) {
    Signal(SIGKILL);
    Wait();
  }
  if (pipe_ >= 0) ::close(pipe_);
}

bool ChildProcess::ReadMore() {
  std::array<char, 4096> buffer{};
  const ssize_t size = ::read(pipe_, buffer.data(), buffer.size());
  if (size > 0) output_.append(buffer.data(), static_cast<std::size_t>(size));
  return size > 0;
}

std::string ChildProcess::ReadUntil(const std::string& text) {
  for (;;) {
    const std::size_t begin = output_.find(text);
    const std::size_t end = begin == std::string::npos ? begin : output_.find('\n', begin);
    if (end != std::string::npos) return output_.substr(begin + text.size(), end - begin - text.size());
    if (!ReadMore()) return {};
  }
}

std::size_t ChildProcess::MemoryOf(const std::string& key) const {
  std::ifstream status("/proc/" + std::to_string(pid_) + "/status");
  std::size_t kib = 0;
  for (std::string word; status >> word;) {
    if (word == key) status >> kib;
  }
  return kib * 1024;
}

void ChildProcess::Signal(int signal) const {
  ::kill(pid_, signal);
}

int ChildProcess::Wait() {
  while (ReadMore()) {
  }
  int status = 0;
  ::waitpid(pid_, &status, 0);
  pid_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace cxr::test
