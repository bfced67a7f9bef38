// SPDX-License-Identifier: Apache-2.0
#include "trainer/data/csv_dataset.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/types/optional.h"
#include "service/base/file.h"
#include "trainer/data/csv.h"

namespace cxr {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMaxCsv = 256U << 20U;

absl::optional<SplitName> ParseSplit(const std::string& text) {
  if (text.empty()) return SplitName::kNone;
  if (text == "train") return SplitName::kTrain;
  if (text == "validation") return SplitName::kValidation;
  if (text == "test") return SplitName::kTest;
  return {};
}

/// Collects the rows and checks each against those before it.
class CsvImages {
 public:
  explicit CsvImages(std::string path) : path_(std::move(path)), folder_(fs::path(path_).parent_path()) {}

  absl::Status ReadHeader(const CsvRow& row) {
    width_ = row.fields.size();
    for (std::size_t i = 0; i < width_; ++i) {
      const std::string name(absl::StripAsciiWhitespace(row.fields[i]));
      if (!columns_.emplace(name, i).second) return Error(row.line, absl::StrCat("the column ", name, " comes twice"));
    }
    for (const char* needed : {"file", "label", "patient"}) {
      if (columns_.count(needed) == 0) {
        return Error(row.line, absl::StrCat("there is no column ", needed,
                                            "; expected the columns file, label, patient and, if wanted, split"));
      }
    }
    return absl::OkStatus();
  }

  absl::Status Add(const CsvRow& row) {
    if (row.fields.size() != width_) {
      return Error(row.line, absl::StrCat(row.fields.size(), " fields, but the first line names ", width_, " columns"));
    }
    LabelledImage image;
    if (absl::Status status = AddFile(row, image); !status.ok()) return status;
    const auto label = ParsePattern(Field(row, "label"));
    if (!label.has_value())
      return Error(row.line, absl::StrCat("label \"", Field(row, "label"), "\": expected BACTERIA, NORMAL or VIRUS"));
    image.label = *label;
    image.patient = Field(row, "patient");
    if (image.patient.empty()) return Error(row.line, "patient is empty");
    if (absl::Status status = AddSplit(row, image); !status.ok()) return status;
    images_.push_back(std::move(image));
    return absl::OkStatus();
  }

  absl::StatusOr<std::vector<LabelledImage>> Finish() {
    for (const Pattern pattern : kPatterns) {
      const bool found = std::any_of(images_.begin(), images_.end(),
                                     [&](const LabelledImage& image) { return image.label == pattern; });
      if (!found) return absl::NotFoundError(absl::StrCat(path_, ": class ", PatternName(pattern), " is empty"));
    }
    std::sort(images_.begin(), images_.end(),
              [](const LabelledImage& a, const LabelledImage& b) { return a.name < b.name; });
    return std::move(images_);
  }

 private:
  absl::Status AddFile(const CsvRow& row, LabelledImage& image) {
    image.name = Field(row, "file");
    if (image.name.empty()) return Error(row.line, "file is empty");
    image.path = (folder_ / image.name).string();  // an absolute name stays as it is
    if (!IsImageName(image.path))
      return Error(row.line, absl::StrCat(image.name, " is no .jpeg, .jpg, .png or .dcm file"));
    std::error_code error;
    if (!fs::is_regular_file(image.path, error)) return Error(row.line, absl::StrCat("there is no file ", image.path));
    const auto [earlier, added] = files_.emplace(fs::path(image.path).lexically_normal().string(), row.line);
    if (added) return absl::OkStatus();
    return Error(row.line, absl::StrCat(image.name, " is named in line ", earlier->second, " already"));
  }

  absl::Status AddSplit(const CsvRow& row, LabelledImage& image) {
    const std::string text = Field(row, "split");
    const auto split = ParseSplit(text);
    const bool has_column = columns_.count("split") > 0;
    if (!split.has_value() || (has_column && text.empty()))
      return Error(row.line, absl::StrCat("split \"", text, "\": expected train, validation or test"));
    image.split = *split;
    const auto [earlier, added] = patients_.emplace(image.patient, std::make_pair(*split, row.line));
    if (added || earlier->second.first == *split) return absl::OkStatus();
    return Error(row.line, absl::StrCat("patient ", image.patient, " is in the split ", text, " and, in line ",
                                        earlier->second.second, ", in another one"));
  }

  [[nodiscard]] std::string Field(const CsvRow& row, const std::string& column) const {
    const auto found = columns_.find(column);
    return found == columns_.end() ? "" : std::string(absl::StripAsciiWhitespace(row.fields[found->second]));
  }

  [[nodiscard]] absl::Status Error(std::size_t line, absl::string_view what) const {
    return absl::InvalidArgumentError(absl::StrCat(path_, ":", line, ": ", what));
  }

  std::string path_;
  fs::path folder_;
  std::size_t width_ = 0;
  std::map<std::string, std::size_t> columns_;
  std::map<std::string, std::size_t> files_;                           // -> line
  std::map<std::string, std::pair<SplitName, std::size_t>> patients_;  // -> split, line
  std::vector<LabelledImage> images_;
};

}  // namespace

absl::StatusOr<std::vector<LabelledImage>> ListCsvImages(const std::string& path) {
  const auto text = ReadFile(path, kMaxCsv);
  if (!text.ok()) return text.status();
  const auto rows = ParseCsv(*text);
  if (!rows.ok()) return absl::InvalidArgumentError(absl::StrCat(path, ": ", rows.status().message()));
  if (rows->empty()) return absl::InvalidArgumentError(absl::StrCat(path, " is empty"));
  CsvImages images(path);
  if (absl::Status status = images.ReadHeader(rows->front()); !status.ok()) return status;
  for (std::size_t i = 1; i < rows->size(); ++i) {
    if (absl::Status status = images.Add((*rows)[i]); !status.ok()) return status;
  }
  return images.Finish();
}

}  // namespace cxr
