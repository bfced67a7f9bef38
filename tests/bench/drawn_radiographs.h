// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

namespace cxr::bench {

/// A folder for what a program draws, gone with the object. Throws std::runtime_error when it cannot be made.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// Draws `per_class` chest phantoms of 224 x 224 into each of BACTERIA, NORMAL and VIRUS below `folder`, stored as the
/// public data are: JPEG of three equal components, about 6 KB. Throws std::runtime_error when it cannot write.
void DrawRadiographs(const std::filesystem::path& folder, int per_class);

}  // namespace cxr::bench
