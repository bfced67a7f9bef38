// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

namespace cxr::test {

/// A folder of its own for the running test, gone with the object.
class TestFolder {
 public:
  TestFolder();
  ~TestFolder();
  TestFolder(const TestFolder&) = delete;
  TestFolder& operator=(const TestFolder&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// The bytes of a file; none where there is no such file.
[[nodiscard]] std::string Content(const std::filesystem::path& path);

/// Draws `per_class` noisy 80 x 72 images of each class, which a child tells apart: BACTERIA has a bright disc,
/// NORMAL is plain, VIRUS has stripes. One patient each, named as in the public data; PNG and JPEG by turns.
void DrawThreeClasses(const std::filesystem::path& folder, int per_class, unsigned seed);

}  // namespace cxr::test
