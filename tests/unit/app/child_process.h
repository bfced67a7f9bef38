// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <string>
#include <vector>

namespace cxr::test {

/// A program that runs beside the test, with its standard output and standard error in one pipe. Killed with the
/// object.
class ChildProcess {
 public:
  explicit ChildProcess(const std::vector<std::string>& arguments);
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  /// Reads on until `text` was said, and returns the rest of its line; empty when the program ended before.
  std::string ReadUntil(const std::string& text);

  void Signal(int signal) const;

  /// Waits for its end: the exit code, or 128 + the signal that ended it.
  int Wait();

  /// The memory it has at this moment.
  [[nodiscard]] std::size_t ResidentBytes() const { return MemoryOf("VmRSS:"); }
  /// The most memory it ever had.
  [[nodiscard]] std::size_t PeakResidentBytes() const { return MemoryOf("VmHWM:"); }

  /// Everything read so far; all of it after Wait.
  [[nodiscard]] const std::string& output() const { return output_; }

 private:
  bool ReadMore();
  [[nodiscard]] std::size_t MemoryOf(const std::string& key) const;

  pid_t pid_ = -1;
  int pipe_ = -1;
  std::string output_;
};

}  // namespace cxr::test
