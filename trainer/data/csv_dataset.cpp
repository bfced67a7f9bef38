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
#include "service/model/read_file.h"
#include "trainer/data/csv_table.h"

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
class CsvSamples {
 public:
  explicit CsvSamples(std::string path) : path_(std::move(path)), folder_(fs::path(path_).parent_path()) {}

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
    Sample sample;
    if (absl::Status status = AddFile(row, sample); !status.ok()) return status;
    const auto label = ParsePattern(Field(row, "label"));
    if (!label.has_value())
      return Error(row.line, absl::StrCat("label \"", Field(row, "label"), "\": expected BACTERIA, NORMAL or VIRUS"));
    sample.label = *label;
    sample.patient = Field(row, "patient");
    if (sample.patient.empty()) return Error(row.line, "patient is empty");
    if (absl::Status status = AddSplit(row, sample); !status.ok()) return status;
    samples_.push_back(std::move(sample));
    return absl::OkStatus();
  }

  absl::StatusOr<std::vector<Sample>> Finish() {
    for (const Pattern pattern : kPatterns) {
      const bool found =
          std::any_of(samples_.begin(), samples_.end(), [&](const Sample& sample) { return sample.label == pattern; });
      if (!found) return absl::NotFoundError(absl::StrCat(path_, ": class ", PatternName(pattern), " is empty"));
    }
    std::sort(samples_.begin(), samples_.end(), [](const Sample& a, const Sample& b) { return a.name < b.name; });
    return std::move(samples_);
  }

 private:
  absl::Status AddFile(const CsvRow& row, Sample& sample) {
    sample.name = Field(row, "file");
    if (sample.name.empty()) return Error(row.line, "file is empty");
    sample.path = (folder_ / sample.name).string();  // an absolute name stays as it is
    if (!IsPictureName(sample.path))
      return Error(row.line, absl::StrCat(sample.name, " is no .jpeg, .jpg, .png or .dcm file"));
    std::error_code error;
    if (!fs::is_regular_file(sample.path, error))
      return Error(row.line, absl::StrCat("there is no file ", sample.path));
    const auto [earlier, added] = files_.emplace(fs::path(sample.path).lexically_normal().string(), row.line);
    if (added) return absl::OkStatus();
    return Error(row.line, absl::StrCat(sample.name, " is named in line ", earlier->second, " already"));
  }

  absl::Status AddSplit(const CsvRow& row, Sample& sample) {
    const std::string text = Field(row, "split");
    const auto split = ParseSplit(text);
    const bool has_column = columns_.count("split") > 0;
    if (!split.has_value() || (has_column && text.empty()))
      return Error(row.line, absl::StrCat("split \"", text, "\": expected train, validation or test"));
    sample.split = *split;
    const auto [earlier, added] = patients_.emplace(sample.patient, std::make_pair(*split, row.line));
    if (added || earlier->second.first == *split) return absl::OkStatus();
    return Error(row.line, absl::StrCat("patient ", sample.patient, " is in the split ", text, " and, in line ",
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
  std::vector<Sample> samples_;
};

}  // namespace

absl::StatusOr<std::vector<Sample>> ListCsvSamples(const std::string& path) {
  const auto text = ReadFile(path, kMaxCsv);
  if (!text.ok()) return text.status();
  const auto rows = ParseCsv(*text);
  if (!rows.ok()) return absl::InvalidArgumentError(absl::StrCat(path, ": ", rows.status().message()));
  if (rows->empty()) return absl::InvalidArgumentError(absl::StrCat(path, " is empty"));
  CsvSamples samples(path);
  if (absl::Status status = samples.ReadHeader(rows->front()); !status.ok()) return status;
  for (std::size_t i = 1; i < rows->size(); ++i) {
    if (absl::Status status = samples.Add((*rows)[i]); !status.ok()) return status;
  }
  return samples.Finish();
}

}  // namespace cxr
