// SPDX-License-Identifier: Apache-2.0
#include "trainer/cli/split.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <set>

#include "absl/strings/str_cat.h"
#include "service/base/file.h"
#include "trainer/data/csv.h"

namespace cxr {
namespace {

const char* SplitText(SplitName split) {
  if (split == SplitName::kTest) return "test";
  return split == SplitName::kValidation ? "validation" : "train";
}

void PrintCounts(const std::vector<LabelledImage>& images) {
  std::printf("%-10s %8s %8s %8s %8s %8s\n", "part", "patients", "pictures", "BACTERIA", "NORMAL", "VIRUS");
  for (const SplitName split : {SplitName::kTrain, SplitName::kValidation, SplitName::kTest}) {
    std::set<std::string> patients;
    std::array<std::size_t, kPatternCount> counts{};
    for (const LabelledImage& image : images) {
      if (image.split != split) continue;
      patients.insert(image.patient);
      ++counts[static_cast<std::size_t>(image.label)];
    }
    std::printf("%-10s %8zu %8zu %8zu %8zu %8zu\n", SplitText(split), patients.size(),
                counts[0] + counts[1] + counts[2], counts[0], counts[1], counts[2]);
  }
}

}  // namespace

absl::Status SplitData(const SplitDataOptions& options) {
  auto images = ListImages(options.data);
  if (!images.ok()) return images.status();
  for (const std::string& patient : options.hold_out.never_train) {
    const auto is_theirs = [&](const LabelledImage& image) { return image.patient == patient; };
    if (std::none_of(images->begin(), images->end(), is_theirs))
      return absl::InvalidArgumentError(absl::StrCat("--never-train: the data have no patient \"", patient, "\""));
  }
  AssignSplits(options.hold_out, *images);
  std::string text = "file,label,patient,split\n";
  for (const LabelledImage& image : *images) {
    const std::string path = std::filesystem::absolute(image.path).lexically_normal().string();
    absl::StrAppend(&text, CsvField(path), ",", PatternName(image.label), ",", CsvField(image.patient), ",",
                    SplitText(image.split), "\n");
  }
  if (absl::Status status = ReplaceFile(options.out, text); !status.ok()) return status;
  PrintCounts(*images);
  return absl::OkStatus();
}

}  // namespace cxr
