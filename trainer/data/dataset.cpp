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

absl::Status ListClass(const fs::path& folder, Pattern label, std::vector<LabelledImage>& images) {
  const std::size_t before = images.size();
  std::error_code error;
  fs::directory_iterator entries(folder, error);
  if (error) return absl::NotFoundError(absl::StrCat("cannot list ", folder.string(), ": ", error.message()));
  for (const fs::directory_entry& entry : entries) {
    if (!entry.is_regular_file(error) || !IsImageName(entry.path().string())) continue;
    const std::string file = entry.path().filename().string();
    images.push_back({entry.path().string(), absl::StrCat(PatternName(label), "/", file), label, PatientKey(file),
                      SplitName::kNone});
  }
  if (images.size() == before) {
    return absl::NotFoundError(absl::StrCat("class ", PatternName(label), " is empty: ", folder.string(),
                                            " holds no .jpeg, .jpg, .png or .dcm file"));
  }
  return absl::OkStatus();
}

}  // namespace

bool IsImageName(const std::string& path) {
  constexpr std::array<absl::string_view, 4> kExtensions = {".jpeg", ".jpg", ".png", ".dcm"};
  const std::string extension = absl::AsciiStrToLower(fs::path(path).extension().string());
  return std::find(kExtensions.begin(), kExtensions.end(), extension) != kExtensions.end();
}

absl::StatusOr<std::vector<LabelledImage>> ListImages(const std::string& directory) {
  std::error_code error;
  if (fs::path(directory).extension() == ".csv") return ListCsvImages(directory);
  fs::path root = directory;
  const std::string first(PatternName(kPatterns[0]));
  if (!fs::is_directory(root / first, error) && fs::is_directory(root / "train" / first, error)) root /= "train";
  std::vector<LabelledImage> images;
  for (const Pattern label : kPatterns) {
    const fs::path folder = root / std::string(PatternName(label));
    if (!fs::is_directory(folder, error)) {
      return absl::NotFoundError(absl::StrCat("there is no folder ", folder.string(), ": ", directory,
                                              " must hold one folder per class: BACTERIA, NORMAL, VIRUS"));
    }
    if (absl::Status status = ListClass(folder, label, images); !status.ok()) return status;
  }
  std::sort(images.begin(), images.end(),
            [](const LabelledImage& a, const LabelledImage& b) { return a.name < b.name; });
  return images;
}

absl::StatusOr<std::vector<LabelledImage>> ListImagesOf(const std::string& directory, SplitName split) {
  auto images = ListImages(directory);
  if (!images.ok() || split == SplitName::kNone) return images;
  images->erase(
      std::remove_if(images->begin(), images->end(), [&](const LabelledImage& image) { return image.split != split; }),
      images->end());
  if (images->empty())
    return absl::NotFoundError(absl::StrCat(directory, " names no image for the split that was asked for"));
  return images;
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
