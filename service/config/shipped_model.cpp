// SPDX-License-Identifier: Apache-2.0
#include "service/config/shipped_model.h"

#include <system_error>
#include <vector>

#include "absl/strings/str_cat.h"

namespace cxr {

absl::StatusOr<std::string> FindShippedModel(const std::filesystem::path& executable) {
  namespace fs = std::filesystem;
  const fs::path root = (executable.parent_path().parent_path() / "share" / "cxr-triage" / "models").lexically_normal();
  std::vector<std::string> found;
  std::error_code error;
  for (fs::directory_iterator entry(root, error), end; !error && entry != end; entry.increment(error)) {
    std::error_code ignored;
    if (fs::exists(entry->path() / "manifest.json", ignored)) found.push_back(entry->path().string());
  }
  if (found.size() == 1) return found.front();
  return absl::NotFoundError(absl::StrCat("expected one model in ", root.string(), ", found ", found.size(),
                                          ": name the folder of a model with --model DIR"));
}

}  // namespace cxr
