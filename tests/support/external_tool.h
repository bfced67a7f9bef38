// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace cxr::test {

/// What a program said and how it ended.
struct ToolResult {
  int exit_code = -1;  ///< 127 when the program is missing; 128 + signal when it crashed
  std::string output;  ///< standard output and standard error together
};

/// Runs a program with arguments, without a shell.
[[nodiscard]] ToolResult RunTool(const std::vector<std::string>& arguments);

/// The lines of `dciodvfy -new` (dicom3tools) about a DICOM file in memory. `ran` is false when the validator is
/// missing or crashed: tests must then fail, not skip.
struct ConformanceReport {
  bool ran = false;
  std::vector<std::string> errors;
  std::vector<std::string> warnings;
  std::string output;
};

[[nodiscard]] ConformanceReport CheckConformance(const std::string& dicom);

/// What `dsrdump` (DCMTK) prints of a report in memory.
[[nodiscard]] ToolResult DumpReport(const std::string& dicom);

/// A file with the given content that is removed with the object.
class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& content);
  ~TemporaryFile();
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace cxr::test
