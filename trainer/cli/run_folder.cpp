// SPDX-License-Identifier: Apache-2.0
#include "trainer/cli/run_folder.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "absl/strings/str_cat.h"
#include "service/base/file.h"
#include "trainer/learn/fine_tune_stage.h"

namespace cxr {
namespace {

namespace fs = std::filesystem;

/// Some file systems cannot sync a folder and need not: EINVAL.
absl::Status Sync(const fs::path& path) {
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return absl::UnavailableError(absl::StrCat("cannot open ", path.string()));
  const bool synced = fsync(descriptor) == 0 || errno == EINVAL;
  const std::string reason = std::strerror(errno);
  close(descriptor);
  if (synced) return absl::OkStatus();
  return absl::UnavailableError(absl::StrCat("cannot write ", path.string(), ": ", reason));
}

}  // namespace

std::string TrainedMarker(const TrainOptions& options) {
  return options.out + "/model/MODEL_CARD.md";
}

std::string CrossValidatedMarker(const TrainOptions& options) {
  return options.out + "/metrics.json";
}

absl::Status RefuseInterruptedRun(const TrainOptions& options, const std::string& marker) {
  std::error_code error;
  if (options.resume || fs::exists(marker, error) || !fs::exists(CheckpointPath(options), error))
    return absl::OkStatus();
  return absl::AlreadyExistsError(absl::StrCat(options.out,
                                               " holds a run that was interrupted: go on with --resume, or remove ",
                                               CheckpointPath(options), " to begin again"));
}

absl::Status PrepareFolder(const TrainOptions& options) {
  std::error_code error;
  fs::create_directories(options.out, error);
  if (error) return absl::UnavailableError(absl::StrCat("cannot create ", options.out, ": ", error.message()));
  if (Resumes(options)) return absl::OkStatus();
  return ReplaceFile(options.out + "/config.toml", options.config);
}

void RemoveResults(const TrainOptions& options) {
  std::error_code error;
  fs::remove(TrainedMarker(options), error);
  fs::remove(options.out + "/metrics.json", error);
  fs::remove(options.out + "/model/manifest.json", error);
  if (!options.resume) fs::remove(CheckpointPath(options), error);
}

absl::Status FinishFolder(const std::string& folder, const std::string& marker, const std::string& content) {
  std::error_code error;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder, error)) {
    const bool holds_data = entry.is_regular_file(error) || entry.is_directory(error);
    if (!holds_data) continue;
    if (absl::Status status = Sync(entry.path()); !status.ok()) return status;
  }
  if (error) return absl::UnavailableError(absl::StrCat("cannot list ", folder, ": ", error.message()));
  if (absl::Status status = Sync(folder); !status.ok()) return status;
  return ReplaceFile(marker, content);
}

}  // namespace cxr
