// SPDX-License-Identifier: Apache-2.0
#include "service/client/file_io.h"

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <system_error>

#include "absl/strings/str_cat.h"

namespace cxr {

absl::StatusOr<std::string> ReadFile(const std::string& path) {
  constexpr std::uintmax_t kMostBytes = std::uintmax_t{1} << 30U;
  std::error_code error;
  const std::uintmax_t size = std::filesystem::file_size(path, error);
  if (error) return absl::InvalidArgumentError(absl::StrCat(path, " cannot be read: ", error.message(), "."));
  if (size > kMostBytes)
    return absl::InvalidArgumentError(absl::StrCat(path, " has more than ", kMostBytes, " bytes."));
  std::string content(size, '\0');
  std::ifstream file(path, std::ios::binary);
  if (!file.read(content.data(), static_cast<std::streamsize>(size))) {
    return absl::InvalidArgumentError(absl::StrCat(path, " cannot be read."));
  }
  return content;
}

absl::Status WriteFile(const std::string& path, absl::string_view content) {
  const std::string temporary = path + ".part";
  std::ofstream file(temporary, std::ios::binary | std::ios::trunc);
  file.write(content.data(), static_cast<std::streamsize>(content.size()));
  file.close();
  std::error_code error;
  if (file) std::filesystem::rename(temporary, path, error);
  if (file && !error) return absl::OkStatus();
  std::filesystem::remove(temporary, error);
  return absl::InternalError(absl::StrCat(path, " cannot be written."));
}

}  // namespace cxr
