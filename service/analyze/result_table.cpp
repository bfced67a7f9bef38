// SPDX-License-Identifier: Apache-2.0
#include "service/analyze/result_table.h"

#include <algorithm>
#include <array>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"

namespace cxr {
namespace {

constexpr std::size_t kColumns = 8;
using Row = std::array<std::string, kColumns>;

std::string Figure(const absl::optional<double>& value) {
  return value ? absl::StrFormat("%.4f", *value) : "-";
}

/// A file name may hold anything, and a terminal obeys control characters.
std::string Visible(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](char c) { return absl::ascii_iscntrl(static_cast<unsigned char>(c)); }, '?');
  return text;
}

Row RowOf(const ResultRecord& record) {
  return {Visible(record.file),         record.outcome,
          record.finding.value_or("-"), Figure(record.score),
          Figure(record.p_bacteria),    Figure(record.p_normal),
          Figure(record.p_virus),       record.reasons.empty() ? "-" : absl::StrJoin(record.reasons, ", ")};
}

/// Characters, not bytes, of UTF-8 text.
std::size_t Width(const std::string& text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

}  // namespace

std::string ToTable(const std::vector<ResultRecord>& records) {
  std::vector<Row> rows = {{"FILE", "OUTCOME", "FINDING", "SCORE", "P(B)", "P(N)", "P(V)", "REASONS"}};
  std::transform(records.begin(), records.end(), std::back_inserter(rows), RowOf);
  std::array<std::size_t, kColumns> widths{};
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < kColumns; ++i) widths[i] = std::max(widths[i], Width(row[i]));
  }
  std::string table;
  for (const Row& row : rows) {
    for (std::size_t i = 0; i + 1 < kColumns; ++i) {
      absl::StrAppend(&table, row[i], std::string(widths[i] - Width(row[i]) + 2, ' '));
    }
    absl::StrAppend(&table, row.back(), "\n");
  }
  return table;
}

std::string Summary(const std::vector<ResultRecord>& records) {
  std::string summary = absl::StrCat(records.size(), records.size() == 1 ? " input" : " inputs");
  const char* separator = ": ";
  for (const char* outcome : {"analysed", "analysed with warnings", "not applicable", "failed"}) {
    const auto count = std::count_if(records.begin(), records.end(),
                                     [&](const ResultRecord& record) { return record.outcome == outcome; });
    if (count == 0) continue;
    absl::StrAppend(&summary, separator, count, " ", outcome);
    separator = ", ";
  }
  return summary;
}

}  // namespace cxr
