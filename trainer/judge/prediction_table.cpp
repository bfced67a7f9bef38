// SPDX-License-Identifier: Apache-2.0
#include "trainer/judge/prediction_table.h"

#include <algorithm>
#include <array>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "service/base/file.h"
#include "trainer/data/csv.h"

namespace cxr {
namespace {

constexpr std::uint64_t kMaxCsv = 256U << 20U;
constexpr std::array<const char*, 6> kColumns = {"file", "label", "p_bacteria", "p_normal", "p_virus", "predicted"};

absl::StatusOr<Prediction> ParsePrediction(const std::vector<std::string>& fields) {
  Prediction prediction;
  const auto label = ParsePattern(fields[1]);
  const auto predicted = ParsePattern(fields[5]);
  if (!label.has_value() || !predicted.has_value())
    return absl::InvalidArgumentError("label and predicted: expected BACTERIA, NORMAL or VIRUS");
  prediction.label = *label;
  prediction.predicted = *predicted;
  for (std::size_t i = 0; i < kPatternCount; ++i) {
    if (!absl::SimpleAtod(fields[2 + i], &prediction.probabilities[i]))
      return absl::InvalidArgumentError(absl::StrCat(fields[2 + i], " is no probability"));
  }
  return prediction;
}

}  // namespace

std::string FormatPredictions(const std::vector<LabelledImage>& images, const std::vector<Prediction>& predictions) {
  std::string text = "file,label,p_bacteria,p_normal,p_virus,predicted,ood_score\n";
  for (std::size_t i = 0; i < images.size(); ++i) {
    const Prediction& each = predictions[i];
    absl::StrAppendFormat(&text, "%s,%s,%.6f,%.6f,%.6f,%s,%s\n", CsvField(images[i].name), PatternName(each.label),
                          each.probabilities[0], each.probabilities[1], each.probabilities[2],
                          PatternName(each.predicted),
                          each.ood_score.has_value() ? absl::StrFormat("%.6f", *each.ood_score) : "");
  }
  return text;
}

absl::StatusOr<std::map<std::string, Prediction>> ReadPredictions(const std::string& path) {
  const auto text = ReadFile(path, kMaxCsv);
  if (!text.ok()) return text.status();
  const auto rows = ParseCsv(*text);
  if (!rows.ok()) return absl::InvalidArgumentError(absl::StrCat(path, ": ", rows.status().message()));
  const auto is_header = [](const CsvRow& row) {
    return row.fields.size() >= kColumns.size() && std::equal(kColumns.begin(), kColumns.end(), row.fields.begin());
  };
  if (rows->empty() || !is_header(rows->front()))
    return absl::InvalidArgumentError(absl::StrCat(path, " is no predictions.csv of cxr-train evaluate"));
  std::map<std::string, Prediction> named;
  for (std::size_t i = 1; i < rows->size(); ++i) {
    const CsvRow& row = (*rows)[i];
    if (row.fields.size() != rows->front().fields.size())
      return absl::InvalidArgumentError(absl::StrCat(path, ":", row.line, ": ", row.fields.size(), " fields"));
    const auto prediction = ParsePrediction(row.fields);
    if (!prediction.ok())
      return absl::InvalidArgumentError(absl::StrCat(path, ":", row.line, ": ", prediction.status().message()));
    named[row.fields[0]] = *prediction;
  }
  return named;
}

}  // namespace cxr
