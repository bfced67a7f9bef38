// SPDX-License-Identifier: Apache-2.0
#include "service/base/file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <system_error>

#include "absl/strings/str_cat.h"

namespace cxr {
namespace {

absl::Status NotReadable(const std::string& path, const std::string& why) {
  return absl::NotFoundError(absl::StrCat(path, " cannot be read: ", why));
}

absl::Status NotWritable(const std::string& path, int error) {
  return absl::UnavailableError(absl::StrCat(path, " cannot be written: ", std::generic_category().message(error)));
}

/// 0, or the errno of what failed.
int WriteAll(int descriptor, absl::string_view content) {
  while (!content.empty()) {
    const ssize_t count = write(descriptor, content.data(), content.size());
    if (count < 0 && errno != EINTR) return errno;
    if (count > 0) content.remove_prefix(static_cast<std::size_t>(count));
  }
  return fsync(descriptor) == 0 ? 0 : errno;
}

/// 0, or the errno of what failed. Some file systems report a full disk only when the file is closed.
int WriteAndClose(const std::string& path, absl::string_view content) {
  const int descriptor = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (descriptor < 0) return errno;
  const int error = WriteAll(descriptor, content);
  const int closing = close(descriptor) == 0 ? 0 : errno;
  return error != 0 ? error : closing;
}

/// A rename is durable once its folder is.
void SyncFolderOf(const std::string& path) {
  const std::string folder = std::filesystem::path(path).parent_path().string();
  const int descriptor = open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;
  static_cast<void>(fsync(descriptor));  // some file systems have no such thing
  close(descriptor);
}

}  // namespace

absl::StatusOr<std::string> ReadFile(const std::string& path, std::uint64_t limit) {
  std::error_code error;
  const std::filesystem::file_status found = std::filesystem::status(path, error);
  if (!std::filesystem::exists(found)) return NotReadable(path, error ? error.message() : "it does not exist");
  if (std::filesystem::is_directory(found)) return NotReadable(path, "it is a folder");
  if (!std::filesystem::is_regular_file(found)) return NotReadable(path, "it is no regular file");
  const std::uintmax_t size = std::filesystem::file_size(path, error);
  if (error) return NotReadable(path, error.message());
  if (size > limit) {
    return absl::InvalidArgumentError(absl::StrCat(path, " has ", size, " bytes, at most ", limit, " are accepted"));
  }
  std::string bytes(static_cast<std::size_t>(size), '\0');
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  if (!file.read(bytes.data(), static_cast<std::streamsize>(size))) {
    return NotReadable(path, errno != 0 ? std::generic_category().message(errno) : "it became shorter meanwhile");
  }
  return bytes;
}

absl::Status ReplaceFile(const std::string& path, absl::string_view content) {
  const std::string partial = path + ".partial";
  int error = WriteAndClose(partial, content);
  if (error == 0 && std::rename(partial.c_str(), path.c_str()) != 0) error = errno;
  if (error != 0) {
    std::remove(partial.c_str());
    return NotWritable(path, error);
  }
  SyncFolderOf(path);
  return absl::OkStatus();
}

}  // namespace cxr
