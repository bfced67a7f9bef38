// SPDX-License-Identifier: Apache-2.0
#include "service/model/read_file.h"

#include <filesystem>
#include <fstream>
#include <system_error>

#include "absl/strings/str_cat.h"

namespace cxr {

absl::StatusOr<std::string> ReadFile(const std::string& path, std::uint64_t limit) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) {
    return absl::NotFoundError(absl::StrCat(path, " does not exist or is no regular file"));
  }
  const std::uintmax_t size = std::filesystem::file_size(path, error);
  if (error) return absl::NotFoundError(absl::StrCat("cannot read ", path, ": ", error.message()));
  if (size > limit) {
    return absl::InvalidArgumentError(absl::StrCat(path, " has ", size, " bytes, at most ", limit, " are accepted"));
  }
  std::string bytes(static_cast<std::size_t>(size), '\0');
  std::ifstream file(path, std::ios::binary);
  if (!file.read(bytes.data(), static_cast<std::streamsize>(size))) {
    return absl::NotFoundError(absl::StrCat("cannot read ", path));
  }
  return bytes;
}

}  // namespace cxr
