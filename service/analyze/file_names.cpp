// SPDX-License-Identifier: Apache-2.0
#include "service/analyze/file_names.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <set>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "service/analyze/image_file.h"
#include "service/core/result_forms.h"

namespace cxr {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kPreamble = 128;

std::string FirstBytes(const fs::path& path) {
  std::array<char, kPreamble + 4> bytes{};
  std::ifstream file(path, std::ios::binary);
  file.read(bytes.data(), bytes.size());
  return {bytes.data(), static_cast<std::size_t>(file.gcount())};
}

/// A PS3.10 file, with its preamble or without (group 0002 or 0008 comes first then); .dcm may hold anything.
bool LooksLikeDicom(const fs::path& path, absl::string_view head) {
  if (head.size() >= kPreamble + 4 && head.substr(kPreamble, 4) == "DICM") return true;
  if (head.size() >= 8 && (head[0] == 2 || head[0] == 8) && head[1] == 0 && head[3] == 0) return true;
  return absl::EqualsIgnoreCase(path.extension().string(), ".dcm");
}

bool IsEarlierResult(const fs::path& path) {
  const std::string name = path.filename().string();
  for (const ResultForm& form : ResultForms()) {
    if (absl::EndsWith(name, form.file_suffix)) return true;
  }
  if (path.extension() != ".png") return false;
  std::error_code ignored;
  return fs::exists(fs::path(path).replace_extension(std::string(FormOf(ObjectKind::kSecondaryCapture).file_suffix)),
                    ignored);
}

void Sort(const fs::path& path, InputFiles& found) {
  const std::string head = FirstBytes(path);
  if (IsEarlierResult(path)) {
    found.notes.push_back(absl::StrCat("skipped ", path.string(), ": the result of an earlier run"));
  } else if (LooksLikeDicom(path, head) || LooksLikeImageFile(head)) {
    found.files.push_back(path.string());
  } else {
    found.notes.push_back(absl::StrCat("skipped ", path.string(), ": neither DICOM nor PNG nor JPEG"));
  }
}

absl::Status WalkFolder(const fs::path& folder, InputFiles& found) {
  std::vector<fs::path> paths;
  std::error_code error;
  fs::recursive_directory_iterator walk(folder, error);
  for (; !error && walk != fs::recursive_directory_iterator(); walk.increment(error)) {
    std::error_code gone;
    if (walk->is_regular_file(gone)) paths.push_back(walk->path());
  }
  if (error) {
    return absl::InvalidArgumentError(
        absl::StrCat("The folder ", folder.string(), " cannot be read: ", error.message(), "."));
  }
  std::sort(paths.begin(), paths.end());
  for (const fs::path& path : paths) Sort(path, found);
  return absl::OkStatus();
}

absl::Status AddArgument(const std::string& argument, InputFiles& found) {
  std::error_code error;
  const fs::file_status status = fs::status(argument, error);
  if (status.type() == fs::file_type::not_found || error) {
    return absl::InvalidArgumentError(absl::StrCat("There is no file or folder ", argument, "."));
  }
  if (fs::is_directory(status)) return WalkFolder(argument, found);
  if (!fs::is_regular_file(status)) {
    return absl::InvalidArgumentError(absl::StrCat(argument, " is neither a file nor a folder."));
  }
  found.files.push_back(argument);
  return absl::OkStatus();
}

void DropRepeats(std::vector<std::string>& files) {
  std::set<fs::path> seen;
  std::vector<std::string> unique;
  for (std::string& file : files) {
    std::error_code error;
    fs::path canonical = fs::canonical(file, error);
    if (seen.insert(error ? fs::path(file) : std::move(canonical)).second) unique.push_back(std::move(file));
  }
  files = std::move(unique);
}

fs::path Comparable(const fs::path& path) {
  std::error_code error;
  fs::path result = fs::weakly_canonical(path, error);
  return error ? path : result;
}

bool WouldOverwrite(const std::string& stem, const std::set<fs::path>& files) {
  const auto taken = [&](absl::string_view suffix) { return files.count(Comparable(absl::StrCat(stem, suffix))) > 0; };
  return taken(".png") || std::any_of(ResultForms().begin(), ResultForms().end(),
                                      [&](const ResultForm& form) { return taken(form.file_suffix); });
}

}  // namespace

absl::StatusOr<InputFiles> FindInputFiles(const std::vector<std::string>& arguments) {
  InputFiles found;
  for (const std::string& argument : arguments) {
    absl::Status added = AddArgument(argument, found);
    if (!added.ok()) return added;
  }
  DropRepeats(found.files);
  if (found.files.empty())
    return absl::InvalidArgumentError("There is no DICOM, PNG or JPEG file in the given folders.");
  return found;
}

std::vector<ResultName> NameResults(const std::vector<std::string>& files, const std::string& out) {
  std::set<fs::path> inputs;
  std::set<std::string> own_stems;
  for (const std::string& file : files) {
    inputs.insert(Comparable(file));
    own_stems.insert((fs::path(out) / fs::path(file).stem()).string());
  }
  std::set<std::string> taken;
  std::vector<ResultName> names;
  for (const std::string& file : files) {
    const std::string own = (fs::path(out) / fs::path(file).stem()).string();
    ResultName name{own, false};
    for (int number = 2; taken.count(name.stem) > 0 || WouldOverwrite(name.stem, inputs) ||
                         (name.renamed && own_stems.count(name.stem) > 0);
         ++number) {
      name = {absl::StrCat(own, "-", number), true};
    }
    taken.insert(name.stem);
    names.push_back(name);
  }
  return names;
}

}  // namespace cxr
