// SPDX-License-Identifier: Apache-2.0
#include "trainer/data/dataset.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <regex>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "trainer/data/csv_dataset.h"

namespace cxr {
namespace {

namespace fs = std::filesystem;

absl::Status ListClass(const fs::path& folder, Pattern label, std::vector<Sample>& samples) {
  const std::size_t before = samples.size();
  std::error_code error;
  fs::directory_iterator entries(folder, error);
  if (error) return absl::NotFoundError(absl::StrCat("cannot list ", folder.string(), ": ", error.message()));
  for (const fs::directory_entry& entry : entries) {
    if (!entry.is_regular_file(error) || !IsPictureName(entry.path().string())) continue;
    const std::string file = entry.path().filename().string();
    samples.push_back({entry.path().string(), absl::StrCat(PatternName(label), "/", file), label, PatientKey(file),
                       SplitName::kNone});
  }
  if (samples.size() == before) {
    return absl::NotFoundError(absl::StrCat("class ", PatternName(label), " is empty: ", folder.string(),
                                            " holds no .jpeg, .jpg, .png or .dcm file"));
  }
  return absl::OkStatus();
}

}  // namespace

bool IsPictureName(const std::string& path) {
  constexpr std::array<absl::string_view, 4> kExtensions = {".jpeg", ".jpg", ".png", ".dcm"};
  const std::string extension = absl::AsciiStrToLower(fs::path(path).extension().string());
  return std::find(kExtensions.begin(), kExtensions.end(), extension) != kExtensions.end();
}

absl::StatusOr<std::vector<Sample>> ListSamples(const std::string& directory) {
  std::error_code error;
  if (fs::path(directory).extension() == ".csv") return ListCsvSamples(directory);
  fs::path root = directory;
  const std::string first(PatternName(kPatterns[0]));
  if (!fs::is_directory(root / first, error) && fs::is_directory(root / "train" / first, error)) root /= "train";
  std::vector<Sample> samples;
  for (const Pattern label : kPatterns) {
    const fs::path folder = root / std::string(PatternName(label));
    if (!fs::is_directory(folder, error)) {
      return absl::NotFoundError(absl::StrCat("there is no folder ", folder.string(), ": ", directory,
                                              " must hold one folder per class: BACTERIA, NORMAL, VIRUS"));
    }
    if (absl::Status status = ListClass(folder, label, samples); !status.ok()) return status;
  }
  std::sort(samples.begin(), samples.end(), [](const Sample& a, const Sample& b) { return a.name < b.name; });
  return samples;
}

absl::StatusOr<std::vector<Sample>> ListSamplesOf(const std::string& directory, SplitName split) {
  auto samples = ListSamples(directory);
  if (!samples.ok() || split == SplitName::kNone) return samples;
  samples->erase(
      std::remove_if(samples->begin(), samples->end(), [&](const Sample& sample) { return sample.split != split; }),
      samples->end());
  if (samples->empty())
    return absl::NotFoundError(absl::StrCat(directory, " names no picture for the split that was asked for"));
  return samples;
}

std::string PatientKey(const std::string& file_name) {
  static const std::regex person("person([0-9]{1,9})_(bacteria|virus)(_.*)?");
  static const std::regex normal("(IM|NORMAL2-IM)-([0-9]{1,9})(-.*)?");
  const std::string stem = fs::path(file_name).stem().string();
  std::smatch match;
  if (std::regex_match(stem, match, person)) return absl::StrCat(match[2].str(), " ", std::stol(match[1].str()));
  if (std::regex_match(stem, match, normal)) return absl::StrCat(match[1].str(), " ", std::stol(match[2].str()));
  return file_name;
}

}  // namespace cxr
